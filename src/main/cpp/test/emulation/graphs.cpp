// Graphs: what a stream was given while it was captured, which it is given again when the graph is launched.
#include <memory>
#include <vector>

#include "test/emulation/streams.h"

namespace {

int left = 0;

// Counts those that there are.
struct Counted {
  Counted() { ++left; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  ~Counted() { --left; }
};

}  // namespace

struct EmulatedGraph : Counted {
  std::vector<std::function<void()>> work;
};
struct EmulatedGraphExec : Counted {
  EmulatedGraphExec(int in_device, const std::vector<std::function<void()>>& in_work)
      : device(in_device), work(in_work) {}

  int device;
  std::vector<std::function<void()>> work;
};

namespace emulation {

int graphs_left() {
  EMULATION_LOCK;
  return left;
}

bool capture(EmulatedStream* stream, const std::function<void()>& work) {
  if (stream->captured == nullptr) {
    return false;
  }
  stream->captured->work.push_back(work);
  return true;
}

bool spoil(EmulatedStream* stream) {
  if (stream->captured == nullptr) {
    return false;
  }
  stream->is_spoilt = true;
  return true;
}

}  // namespace emulation

using namespace emulation;

cudaError_t cudaStreamBeginCapture(cudaStream_t stream, cudaStreamCaptureMode) {
  EMULATION_LOCK;
  if (is_lost()) {
    return fail(cudaErrorLaunchFailure);
  }
  if (stream == nullptr || stream->captured != nullptr) {
    return fail(cudaErrorStreamCaptureUnsupported);
  }
  stream->captured = new EmulatedGraph;
  stream->is_spoilt = false;
  return cudaSuccess;
}

cudaError_t cudaStreamIsCapturing(cudaStream_t stream, cudaStreamCaptureStatus* status) {
  EMULATION_LOCK;
  const EmulatedStream* asked = stream_of(stream);
  *status = asked->captured == nullptr ? cudaStreamCaptureStatusNone
            : asked->is_spoilt         ? cudaStreamCaptureStatusInvalidated
                                       : cudaStreamCaptureStatusActive;
  return cudaSuccess;
}

cudaError_t cudaStreamEndCapture(cudaStream_t stream, cudaGraph_t* graph) {
  EMULATION_LOCK;
  *graph = nullptr;
  if (stream->captured == nullptr) {
    return fail(cudaErrorInvalidValue);
  }
  std::unique_ptr<EmulatedGraph> captured(stream->captured);
  stream->captured = nullptr;
  if (stream->is_spoilt) {
    return fail(cudaErrorStreamCaptureInvalidated);
  }
  *graph = captured.release();
  return cudaSuccess;
}

cudaError_t cudaGraphInstantiate(cudaGraphExec_t* ready, cudaGraph_t graph, unsigned long long) {
  EMULATION_LOCK;
  if (is_lost()) {
    return fail(cudaErrorLaunchFailure);
  }
  *ready = new EmulatedGraphExec(chosen_device(), graph->work);
  return cudaSuccess;
}

cudaError_t cudaGraphDestroy(cudaGraph_t graph) {
  EMULATION_LOCK;
  delete graph;
  return cudaSuccess;
}

cudaError_t cudaGraphLaunch(cudaGraphExec_t ready, cudaStream_t stream) {
  EMULATION_LOCK;
  if (stream_of(stream)->device != ready->device) {
    return fail(cudaErrorInvalidValue);
  }
  for (const std::function<void()>& work : ready->work) {
    const cudaError_t error = enqueue(stream, work);
    if (error != cudaSuccess) {
      return error;
    }
  }
  return cudaSuccess;
}

cudaError_t cudaGraphExecDestroy(cudaGraphExec_t ready) {
  EMULATION_LOCK;
  delete ready;
  return cudaSuccess;
}
