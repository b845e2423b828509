// Streams that follow one another, on one device and on two, and copies between devices. On the host there are none.
#include <cstring>

#include "test/cuda_place.h"

namespace {

constexpr int64_t kBytes = 4097;

// Calls a function with each two devices, and each one twice.
template <typename Body>
void for_each_pair(Body body) {
  const int devices = on_device() ? paraflux_cuda_device_count() : 0;
  for (int from = 0; from < devices; ++from) {
    for (int to = 0; to < devices; ++to) {
      body(from, to);
    }
  }
}

// Whether a place has one value from its beginning to its end.
bool is_all(const Place& place, int64_t bytes, int value) {
  bool all = place.down() == 0 && place.wait() == 0;
  for (int64_t b = 0; all && b < bytes; ++b) {
    all = place.bytes()[b] == value;
  }
  return all;
}

}  // namespace

TEST(
    "what one stream has done is copied by one that follows it, and is not changed before, whichever are their "
    "devices") {
  for (const bool connected : {false, true}) {
    for_each_pair([=](int from, int to) {
      CHECK(!connected || paraflux_cuda_connect(from, to) == 0, "%d and %d", from, to);
      const Place first(from, kBytes), second(to, kBytes);
      CHECK(first.error == 0 && second.error == 0, "%d, %d", first.error, second.error);
      std::memset(first.bytes(), 7, kBytes);
      CHECK(first.up() == 0, "up");
      CHECK(paraflux_cuda_follow(to, second.stream, from, first.stream) == 0, "the copy comes after it");
      CHECK(paraflux_cuda_copy(to, second.memory, first.memory, kBytes, second.stream) == 0, "copy");
      CHECK(paraflux_cuda_follow(from, first.stream, to, second.stream) == 0, "the change comes after the copy");
      CHECK(paraflux_cuda_fill(from, first.memory, 9, kBytes, first.stream) == 0, "change");
      CHECK(is_all(first, kBytes, 9) && is_all(second, kBytes, 7), "from %d to %d", from, to);
    });
  }
  CHECK(!on_device() || target().cuda_calls()->error_left() == 0, "errors of ours");
}

TEST("two streams take turns, and nobody waits before the end") {
  for_each_pair([](int from, int to) {
    constexpr int64_t kRounds = 100, kRow = 300;
    const Place row(from, kRow), rows(to, kRounds * kRow);
    for (int round = 0; round < kRounds; ++round) {
      const int64_t there = rows.memory + round * kRow;
      CHECK(paraflux_cuda_fill(from, row.memory, round, kRow, row.stream) == 0, "fill");
      CHECK(paraflux_cuda_follow(to, rows.stream, from, row.stream) == 0, "there");
      CHECK(paraflux_cuda_copy(to, there, row.memory, kRow, rows.stream) == 0, "copy there");
      CHECK(paraflux_cuda_fill(to, there, round + 100, kRow / 2, rows.stream) == 0, "half of it");
      CHECK(paraflux_cuda_copy(to, row.memory, there, kRow, rows.stream) == 0, "copy back");
      CHECK(paraflux_cuda_follow(from, row.stream, to, rows.stream) == 0, "and back");
    }
    CHECK(row.down() == 0 && row.wait() == 0, "the one stream's wait is for the other, too");
    CHECK(row.bytes()[0] == kRounds + 99 && row.bytes()[kRow - 1] == kRounds - 1, "from %d to %d", from, to);
    CHECK(rows.down() == 0 && rows.wait() == 0, "down");
    for (int round = 0; round < kRounds; ++round) {
      const unsigned char* found = rows.bytes() + round * kRow;
      CHECK(found[0] == round + 100 && found[kRow - 1] == round, "from %d to %d, round %d", from, to, round);
    }
  });
}

TEST("a stream that is followed may be closed at once, or have nothing on it, or be the stream itself") {
  for_each_pair([](int from, int to) {
    const Place second(to, kBytes);
    {
      const Place first(from, kBytes);
      CHECK(paraflux_cuda_follow(to, second.stream, from, first.stream) == 0, "nothing on it");
      CHECK(paraflux_cuda_fill(from, first.memory, 5, kBytes, first.stream) == 0, "fill");
      CHECK(paraflux_cuda_copy(from, second.memory, first.memory, kBytes, first.stream) == 0, "its own copy");
      CHECK(paraflux_cuda_follow(to, second.stream, from, first.stream) == 0, "that");
    }
    CHECK(paraflux_cuda_follow(to, second.stream, to, second.stream) == 0, "itself");
    CHECK(is_all(second, kBytes, 5), "from %d to %d", from, to);
  });
}

TEST("a device that is not there is neither followed nor connected") {
  if (!on_device()) {
    return;
  }
  const int before = target().cuda_calls()->current_device();
  const Place place(0, 100);
  for (const int device : {-1, 1000}) {
    CHECK(paraflux_cuda_follow(device, place.stream, 0, place.stream) != 0, "%d follows", device);
    CHECK(paraflux_cuda_follow(0, place.stream, device, place.stream) != 0, "%d is followed", device);
    CHECK(paraflux_cuda_can_connect(device, 0) == 0 && paraflux_cuda_can_connect(0, device) == 0, "%d can be", device);
    CHECK(paraflux_cuda_connect(device, 0) != 0 && paraflux_cuda_connect(0, device) != 0, "%d is connected", device);
  }
  CHECK(paraflux_cuda_connect(0, 0) == 0 && paraflux_cuda_can_connect(0, 0) == 0, "with itself there is nothing to do");
  CHECK(target().cuda_calls()->error_left() == 0, "errors of ours");
  CHECK(target().cuda_calls()->current_device() == before, "the thread's device");
  CHECK(paraflux_cuda_fill(0, place.memory, 3, 100, place.stream) == 0 && is_all(place, 100, 3), "the stream goes on");
}

TEST("devices that are lost while one waits for the other end both, and work again once they are back") {
  if (!on_device() || !Trouble::is_there()) {
    return;
  }
  for_each_pair([](int from, int to) {
    const Place first(from, 100), second(to, 100);
    CHECK(first.up() == 0 && paraflux_cuda_follow(to, second.stream, from, first.stream) == 0, "follows");
    CHECK(paraflux_cuda_copy(to, second.memory, first.memory, 100, second.stream) == 0, "copy");
    {
      const Trouble lost("lost");
      CHECK(second.wait() != 0 && first.wait() != 0, "waits");
      CHECK(paraflux_cuda_follow(to, second.stream, from, first.stream) != 0, "another");
    }
    std::memset(first.bytes(), 4, 100);
    CHECK(first.up() == 0 && paraflux_cuda_follow(to, second.stream, from, first.stream) == 0, "follows again");
    CHECK(paraflux_cuda_copy(to, second.memory, first.memory, 100, second.stream) == 0, "copy");
    CHECK(is_all(second, 100, 4), "from %d to %d", from, to);
  });
  CHECK(target().cuda_calls()->error_left() == 0, "errors of ours");
}
