// Memory, streams and graphs of CUDA devices. On the host there are none.
#include <atomic>
#include <chrono>
#include <cstring>
#include <memory>
#include <thread>

#include "test/cuda_place.h"

TEST("bytes travel to a device and back, in the order of their stream") {
  if (!on_device()) {
    return;
  }
  for (int device = 0; device < paraflux_cuda_device_count(); ++device) {
    for (const int64_t bytes : {int64_t{1}, int64_t{4097}, int64_t{1} << 20}) {
      const Place place(device, bytes);
      CHECK(place.error == 0, "%s", paraflux_cuda_words(place.error));
      CHECK(place.memory % 256 == 0, "%lld", static_cast<long long>(place.memory));
      std::memset(place.bytes(), 7, static_cast<size_t>(bytes));
      CHECK(place.up() == 0 && place.wait() == 0, "up");
      std::memset(place.bytes(), 0, static_cast<size_t>(bytes));
      CHECK(place.down() == 0 && place.wait() == 0, "down");
      CHECK(place.bytes()[0] == 7 && place.bytes()[bytes - 1] == 7, "what was there");
      // Zeros come after the copy down, and before the next one.
      CHECK(place.up() == 0 && paraflux_cuda_fill(device, place.memory, 0, bytes - bytes / 2, place.stream) == 0,
            "zeros");
      CHECK(place.down() == 0 && place.wait() == 0, "down");
      CHECK(place.bytes()[0] == 0 && place.bytes()[bytes - 1] == (bytes == 1 ? 0 : 7), "half of it");
      CHECK(paraflux_cuda_fill(device, place.memory, 255, bytes, place.stream) == 0 && place.down() == 0, "ones");
      CHECK(paraflux_cuda_wait_for_all(device) == 0, "whatever the stream");
      CHECK(place.bytes()[0] == 255 && place.bytes()[bytes - 1] == 255, "all of it");
    }
  }
}

TEST("a graph does what was captured as often as it is launched, with what is there then") {
  if (!on_device()) {
    return;
  }
  for (int device = 0; device < paraflux_cuda_device_count(); ++device) {
    const int64_t bytes = 4097, half = bytes / 2;
    const Place place(device, bytes);
    int64_t graph = 0;
    std::memset(place.bytes(), 1, static_cast<size_t>(bytes));
    CHECK(place.up() == 0 && place.wait() == 0, "before");
    CHECK(paraflux_cuda_begin_capture(device, place.stream) == 0, "begin");
    CHECK(place.up() == 0 && paraflux_cuda_fill(device, place.memory, 0, half, place.stream) == 0, "captured");
    CHECK(paraflux_cuda_end_capture(device, place.stream, &graph) == 0 && graph != 0, "end");
    std::memset(place.bytes(), 9, static_cast<size_t>(bytes));
    CHECK(place.down() == 0 && place.wait() == 0, "down");
    CHECK(place.bytes()[0] == 1 && place.bytes()[bytes - 1] == 1, "nothing of it has been done");
    for (const int value : {5, 6}) {
      std::memset(place.bytes(), value, static_cast<size_t>(bytes));
      CHECK(paraflux_cuda_launch_graph(device, graph, place.stream) == 0 && place.wait() == 0, "launch");
      std::memset(place.bytes(), 9, static_cast<size_t>(bytes));
      CHECK(place.down() == 0 && place.wait() == 0, "down");
      CHECK(place.bytes()[half - 1] == 0 && place.bytes()[half] == value && place.bytes()[bytes - 1] == value, "%d",
            value);
    }
    CHECK(paraflux_cuda_free_graph(device, graph) == 0, "free");
    CHECK(target().cuda_calls()->graphs_left() == 0, "what it was made of");
  }
}

TEST("a wait spoils a capture, which is told, and the stream works again") {
  if (!on_device()) {
    return;
  }
  const Place place(0, 100);
  int64_t graph = 5;
  CHECK(paraflux_cuda_end_capture(0, place.stream, &graph) != 0 && graph == 5, "what was never begun");
  CHECK(paraflux_cuda_begin_capture(0, place.stream) == 0, "begin");
  CHECK(place.up() == 0 && place.wait() != 0, "a wait");
  CHECK(paraflux_cuda_end_capture(0, place.stream, &graph) != 0 && graph == 5, "what was spoilt");
  CHECK(target().cuda_calls()->error_left() == 0, "errors of ours");
  std::memset(place.bytes(), 7, 100);
  CHECK(place.up() == 0 && place.down() == 0 && place.wait() == 0 && place.bytes()[99] == 7, "after it");
}

TEST("another thread's wait for a device, and what it gives back, waits until a capture has ended") {
  if (!on_device()) {
    return;
  }
  const Place place(0, 100);
  std::atomic<bool> begun{false}, ended{false};
  int errors[3] = {-1, -1, -1};
  bool early = false;
  std::thread other([&] {
    Place theirs(0, 100);
    int64_t graph = 0;
    errors[2] = theirs.error != 0 ? theirs.error : paraflux_cuda_begin_capture(0, theirs.stream);
    errors[2] = errors[2] != 0 ? errors[2] : paraflux_cuda_end_capture(0, theirs.stream, &graph);
    while (!begun) {
      std::this_thread::yield();
    }
    errors[0] = paraflux_cuda_wait_for_all(0);
    early = !ended;
    errors[1] = paraflux_cuda_free_graph(0, graph);
  });
  int64_t graph = 0;
  const int begin = paraflux_cuda_begin_capture(0, place.stream);
  const int captured = place.up();
  begun = true;
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  ended = true;
  const int end = paraflux_cuda_end_capture(0, place.stream, &graph);
  other.join();
  CHECK(begin == 0 && captured == 0 && end == 0 && graph != 0, "%d, %d, %d", begin, captured, end);
  CHECK(errors[0] == 0 && errors[1] == 0 && errors[2] == 0 && !early, "%d, %d, %d", errors[0], errors[1], errors[2]);
  CHECK(paraflux_cuda_free_graph(0, graph) == 0, "free");
}

TEST("a wait for the whole device spoils what the same thread captures, and a capture can be begun again") {
  if (!on_device()) {
    return;
  }
  const Place place(0, 100);
  int64_t graph = 5;
  CHECK(paraflux_cuda_begin_capture(0, place.stream) == 0, "begin");
  CHECK(paraflux_cuda_wait_for_all(0) != 0, "a wait");
  CHECK(paraflux_cuda_end_capture(0, place.stream, &graph) != 0 && graph == 5, "what was spoilt");
  CHECK(paraflux_cuda_begin_capture(0, place.stream) == 0 && place.up() == 0, "begin again");
  CHECK(paraflux_cuda_end_capture(0, place.stream, &graph) == 0 && graph != 5, "end");
  CHECK(paraflux_cuda_free_graph(0, graph) == 0, "free");
}

TEST("a capture that cannot be begun keeps nobody waiting") {
  if (!on_device()) {
    return;
  }
  // The default stream cannot be captured, and this device is not there.
  CHECK(paraflux_cuda_begin_capture(0, 0) != 0 && paraflux_cuda_begin_capture(1000, 0) != 0, "begin");
  // Left running where it is kept waiting.
  const auto waited = std::make_shared<std::atomic<int>>(-1);
  std::thread([waited] { *waited = paraflux_cuda_wait_for_all(0); }).detach();
  for (int i = 0; i < 1000 && *waited < 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  CHECK(*waited == 0, "%d", waited->load());
}

TEST("a device that is not there is an error of every call, and results are left alone") {
  if (!on_device()) {
    return;
  }
  const int before = target().cuda_calls()->current_device();
  for (const int device : {-1, 1000}) {
    int64_t result = 5, facts[PARAFLUX_CUDA_FACTS] = {5, 5, 5, 5, 5};
    CHECK(paraflux_cuda_allocate(device, 8, &result) != 0, "%d", device);
    CHECK(paraflux_cuda_allocate_host(device, 8, &result) != 0, "%d", device);
    CHECK(paraflux_cuda_open_stream(device, &result) != 0, "%d", device);
    CHECK(paraflux_cuda_device_facts(device, facts) != 0, "%d", device);
    CHECK(paraflux_cuda_wait(device, 0) != 0, "%d", device);
    CHECK(paraflux_cuda_begin_capture(device, 0) != 0, "%d", device);
    CHECK(paraflux_cuda_end_capture(device, 0, &result) != 0, "%d", device);
    CHECK(paraflux_cuda_launch_graph(device, 0, 0) != 0, "%d", device);
    CHECK(paraflux_cuda_free_graph(device, 0) != 0, "%d", device);
    CHECK(paraflux_cuda_wait_for_all(device) != 0, "%d", device);
    CHECK(result == 5 && facts[0] == 5 && facts[4] == 5, "%d", device);
    CHECK(std::strcmp(paraflux_cuda_device_refusal(device), "there is no such device") == 0, "%d", device);
    CHECK(paraflux_cuda_device_name(device)[0] == '\0', "%d", device);
  }
  CHECK(target().cuda_calls()->error_left() == 0, "errors of ours");
  CHECK(target().cuda_calls()->current_device() == before, "the thread's device");
}

TEST("a device tells of itself") {
  if (!on_device()) {
    return;
  }
  for (int device = 0; device < paraflux_cuda_device_count(); ++device) {
    int64_t facts[PARAFLUX_CUDA_FACTS] = {}, later[PARAFLUX_CUDA_FACTS] = {};
    CHECK(paraflux_cuda_device_refusal(device)[0] == '\0', "%s", paraflux_cuda_device_refusal(device));
    CHECK(std::strlen(paraflux_cuda_device_name(device)) > 0, "%d", device);
    CHECK(paraflux_cuda_device_facts(device, facts) == 0, "%d", device);
    CHECK(facts[0] >= 7 && facts[2] > 0 && facts[3] > 0 && facts[3] <= facts[2] && facts[4] > 0, "%d", device);
    const Place place(device, int64_t{64} << 20);
    CHECK(place.error == 0 && paraflux_cuda_device_facts(device, later) == 0, "%d", device);
    CHECK(later[3] < facts[3] && later[2] == facts[2], "what is free shrinks");
  }
}

TEST("memory that there is not is refused, and the next call works") {
  if (!on_device()) {
    return;
  }
  int64_t result = 5;
  const int error = paraflux_cuda_allocate(0, int64_t{1} << 46, &result);
  CHECK(error != 0 && result == 5, "%d", error);
  CHECK(std::strstr(paraflux_cuda_words(error), "memory") != nullptr, "%s", paraflux_cuda_words(error));
  CHECK(target().cuda_calls()->error_left() == 0, "errors of ours");
  const Place place(0, 100);
  CHECK(place.error == 0 && place.down() == 0 && place.wait() == 0, "a small one");
  const Trouble little("1000");
  const bool fails = paraflux_cuda_allocate(0, 1000, &result) != 0;
  CHECK(fails == Trouble::is_there(), "of what is left");
}

TEST("a device that is lost fails every call, and works again once it is back") {
  if (!on_device() || !Trouble::is_there()) {
    return;
  }
  const Place before(0, 100);
  CHECK(before.error == 0 && before.up() == 0, "while it is there");
  {
    const Trouble lost("lost");
    int64_t result = 5;
    CHECK(before.down() != 0 && before.wait() != 0, "copies");
    CHECK(paraflux_cuda_fill(0, before.memory, 0, 8, before.stream) != 0, "zeros");
    CHECK(paraflux_cuda_wait_for_all(0) != 0, "the whole device");
    CHECK(paraflux_cuda_allocate(0, 8, &result) != 0 && result == 5, "memory");
    CHECK(paraflux_cuda_open_stream(0, &result) != 0 && result == 5, "streams");
    CHECK(paraflux_cuda_begin_capture(0, before.stream) != 0, "captures");
    CHECK(target().cuda_calls()->error_left() == 0, "errors of ours");
  }
  const Place place(0, 100);
  CHECK(place.error == 0 && place.up() == 0 && place.wait() == 0, "once it is back");
}
