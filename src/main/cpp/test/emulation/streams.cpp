// Streams. A lazy stream runs when somebody waits for it; the other kind takes a step or two of any
// stream whenever something is enqueued: work is done as late, or as early, as its order allows.
#include "test/emulation/streams.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <vector>

namespace emulation {
namespace {

constexpr unsigned kMostThreads = 1024, kMostBlocks = 65535;
constexpr size_t kMostParameters = 32764;

struct Chance {
  unsigned seed = static_cast<unsigned>(number_of("EMULATED_SEED", static_cast<int>(time(nullptr) ^ getpid())));
  std::mt19937 numbers{seed};
  bool lazy = numbers() % 2 == 0;

  Chance() { fprintf(stderr, "CUDA is emulated; streams are %s; EMULATED_SEED=%u\n", lazy ? "lazy" : "random", seed); }
};

Chance& chance() {
  static Chance& made = *new Chance;
  return made;
}

std::vector<EmulatedStream*>& streams() {
  static std::vector<EmulatedStream*>& all = *new std::vector<EmulatedStream*>;
  return all;
}

int device_at_work = 0;

Launched so_far = {0, 0};

// Does the next work of a stream, or of the one that this waits for.
bool step(EmulatedStream* stream) {
  if (stream->queue.empty()) {
    return false;
  }
  const std::shared_ptr<const Mark> after = stream->queue.front().after;
  if (after != nullptr && !after->is_reached) {
    return step(after->stream);
  }
  const std::function<void()> work = std::move(stream->queue.front().work);
  stream->queue.pop_front();
  if (device_at_work != stream->device) {
    device_at_work = stream->device;
    forget_what_was_asked();
  }
  const Open open;
  work();
  return true;
}

// What is on the streams of a lost device is never done.
void drop_all() {
  for (EmulatedStream* stream : streams()) {
    stream->queue.clear();
  }
}

void finish(EmulatedStream* stream) {
  const Open open;
  while (step(stream)) {
  }
  if (!stream->queue.empty()) {
    die("a stream waits for what never comes");
  }
}

// Waits for streams, which lost devices never end.
cudaError_t wait(const std::function<void()>& finishing) {
  if (is_lost()) {
    drop_all();
    return fail(cudaErrorLaunchFailure);
  }
  finishing();
  return cudaSuccess;
}

bool fits(cudaMemcpyKind kind, Place to, Place from) {
  const bool to_device = to == Place::kDevice, from_device = from == Place::kDevice;
  return kind == cudaMemcpyDefault ||
         (to_device == (kind == cudaMemcpyHostToDevice || kind == cudaMemcpyDeviceToDevice) &&
          from_device == (kind == cudaMemcpyDeviceToHost || kind == cudaMemcpyDeviceToDevice));
}

}  // namespace

// The default stream waits for no other and no other for it: who enqueues there forgot a stream.
EmulatedStream* stream_of(cudaStream_t stream) {
  static EmulatedStream& forgotten = *new EmulatedStream{0};
  if (stream == nullptr && streams().empty()) {
    streams().push_back(&forgotten);
  }
  return stream == nullptr ? &forgotten : stream;
}

cudaError_t enqueue(cudaStream_t stream, std::function<void()> work, std::shared_ptr<const Mark> after) {
  if (is_lost()) {
    drop_all();
    return fail(cudaErrorLaunchFailure);
  }
  if (capture(stream_of(stream), work)) {
    return cudaSuccess;
  }
  stream_of(stream)->queue.push_back({std::move(work), std::move(after)});
  if (!chance().lazy) {
    for (unsigned steps = any(3); steps > 0 && !streams().empty(); --steps) {
      step(streams()[any(static_cast<unsigned>(streams().size()))]);
    }
  }
  return cudaSuccess;
}

void die(const char* format, ...) {
  va_list values;
  va_start(values, format);
  fflush(stdout);
  fprintf(stderr, "CUDA emulation: ");
  vfprintf(stderr, format, values);
  fprintf(stderr, " (EMULATED_SEED=%u)\n", chance().seed);
  va_end(values);
  abort();
}

std::recursive_mutex& device_mutex() {
  static std::recursive_mutex& one = *new std::recursive_mutex;
  return one;
}

int number_of(const char* name, int otherwise) {
  const char* value = getenv(name);
  return value == nullptr ? otherwise : static_cast<int>(strtoul(value, nullptr, 10));
}

std::mt19937& random_numbers() { return chance().numbers; }

unsigned any(unsigned below) { return static_cast<unsigned>(random_numbers()() % below); }

int working_device() { return device_at_work; }

void finish_device(int device) {
  if (is_lost()) {
    drop_all();
  }
  for (EmulatedStream* stream : streams()) {
    if (stream->device == device) {
      finish(stream);
    }
  }
}

cudaError_t launch(const cudaLaunchConfig_t& shape, size_t bytes, std::function<void()> thread) {
  EMULATION_LOCK;
  const dim3 grid = shape.gridDim, block = shape.blockDim;
  const unsigned threads = block.x * block.y * block.z;
  if (grid.x == 0 || grid.y == 0 || grid.z == 0 || grid.x > 0x7FFFFFFF || grid.y > kMostBlocks ||
      grid.z > kMostBlocks || threads == 0 || threads > kMostThreads || bytes > kMostParameters) {
    return fail(cudaErrorInvalidConfiguration);
  }
  if (stream_of(shape.stream)->device != chosen_device()) {
    return fail(cudaErrorInvalidResourceHandle);
  }
  so_far.launches += 1;
  so_far.bytes += static_cast<int64_t>(bytes);
  return enqueue(shape.stream, [=] { run_kernel(grid, block, thread); });
}

Launched launched() {
  EMULATION_LOCK;
  return so_far;
}

}  // namespace emulation

using namespace emulation;

cudaError_t cudaMemcpyAsync(void* to, const void* from, size_t bytes, cudaMemcpyKind kind, cudaStream_t stream) {
  EMULATION_LOCK;
  if (bytes == 0) {
    return cudaSuccess;
  }
  const Place target = place_of(to, bytes), source = place_of(from, bytes);
  if (!fits(kind, target, source)) {
    return fail(cudaErrorInvalidValue);
  }
  if (source != Place::kHost) {
    return enqueue(stream, [=] {
      if (place_of(to, bytes) != target || place_of(from, bytes) != source) {
        die("a copy of %zu bytes uses memory that has been freed since it was enqueued", bytes);
      }
      memmove(to, from, bytes);
    });
  }
  // Memory that is not pinned has been read when the call returns.
  const char* begin = static_cast<const char*>(from);
  const std::vector<char> staged(begin, begin + bytes);
  return enqueue(stream, [=] { memcpy(to, staged.data(), bytes); });
}

cudaError_t cudaMemsetAsync(void* to, int value, size_t bytes, cudaStream_t stream) {
  EMULATION_LOCK;
  if (place_of(to, bytes) != Place::kDevice) {
    return fail(cudaErrorInvalidValue);
  }
  return enqueue(stream, [=] { memset(to, value, bytes); });
}

cudaError_t cudaDeviceSynchronize() {
  EMULATION_LOCK;
  bool spoilt = false;
  for (EmulatedStream* stream : streams()) {
    spoilt |= stream->device == chosen_device() && spoil(stream);
  }
  if (spoilt) {
    return fail(cudaErrorStreamCaptureUnsupported);
  }
  return wait([] { finish_device(chosen_device()); });
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned) {
  EMULATION_LOCK;
  if (is_lost()) {
    return fail(cudaErrorLaunchFailure);
  }
  *stream = new EmulatedStream{chosen_device()};
  streams().push_back(*stream);
  return cudaSuccess;
}

cudaError_t cudaStreamDestroy(cudaStream_t stream) {
  EMULATION_LOCK;
  finish(stream);
  for (size_t s = 0; s < streams().size(); ++s) {
    if (streams()[s] == stream) {
      streams().erase(streams().begin() + static_cast<std::ptrdiff_t>(s));
      break;
    }
  }
  delete stream;
  return cudaSuccess;
}

cudaError_t cudaStreamSynchronize(cudaStream_t stream) {
  EMULATION_LOCK;
  if (spoil(stream_of(stream))) {
    return fail(cudaErrorStreamCaptureUnsupported);
  }
  return wait([=] { finish(stream_of(stream)); });
}
