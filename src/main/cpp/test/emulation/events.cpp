// Events: places of streams, which other streams wait for. What waits for one goes on as soon as it is reached, and not
// before.
#include <memory>

#include "test/emulation/streams.h"

struct EmulatedEvent {
  int device;
  // Where it was recorded last.
  std::shared_ptr<emulation::Mark> mark = nullptr;
};

using namespace emulation;

cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned) {
  EMULATION_LOCK;
  if (is_lost()) {
    return fail(cudaErrorLaunchFailure);
  }
  *event = new EmulatedEvent{chosen_device()};
  return cudaSuccess;
}

cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream) {
  EMULATION_LOCK;
  EmulatedStream* where = stream_of(stream);
  if (where->device != event->device) {
    return fail(cudaErrorInvalidResourceHandle);
  }
  if (spoil(where)) {
    return fail(cudaErrorStreamCaptureUnsupported);
  }
  event->mark = std::make_shared<Mark>(Mark{where});
  return enqueue(stream, [mark = event->mark] { mark->is_reached = true; });
}

// Those who wait keep the place itself.
cudaError_t cudaEventDestroy(cudaEvent_t event) {
  EMULATION_LOCK;
  delete event;
  return is_lost() ? fail(cudaErrorLaunchFailure) : cudaSuccess;
}

cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event, unsigned) {
  EMULATION_LOCK;
  if (spoil(stream_of(stream))) {
    return fail(cudaErrorStreamCaptureUnsupported);
  }
  // One that was never recorded is nothing to wait for.
  return enqueue(
      stream, [] {}, event->mark);
}
