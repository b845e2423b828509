// Memory, streams and graphs of CUDA devices.
#include <cuda_runtime.h>
#include <pthread.h>

#include <type_traits>

#include "kernel/address.h"
#include "kernel/cuda_device.h"
#include "paraflux/cuda.h"

namespace {

// Makes something on a device, and writes it down where it was made; the error.
template <typename Made, typename Call>
int make(int device, int64_t* result, Call call) {
  Made* made = nullptr;
  const int error = paraflux::on(device, [&] { return call(&made); });
  if (error == cudaSuccess) {
    *result = paraflux::address(made);
  }
  return error;
}

cudaStream_t stream_of(int64_t stream) { return paraflux::pointer<std::remove_pointer_t<cudaStream_t>>(stream); }

cudaGraphExec_t graph_of(int64_t graph) { return paraflux::pointer<std::remove_pointer_t<cudaGraphExec_t>>(graph); }

// Of two things that were both done, the first that failed.
cudaError_t first_of(cudaError_t first, cudaError_t second) { return first != cudaSuccess ? first : second; }

// Captures of one thread and waits of others for a whole device take turns: whatever the mode, CUDA refuses such a wait
// while anything is captured there, and what was captured is lost. C++'s own lock of this kind wants glibc 2.36.
pthread_rwlock_t turns = PTHREAD_RWLOCK_INITIALIZER;

thread_local int captures = 0;  // that this thread has begun

// Does what may wait for a whole device. What this thread itself captures is not waited for, but spoilt.
template <typename Call>
cudaError_t between_captures(Call call) {
  if (captures > 0) {
    return call();
  }
  pthread_rwlock_rdlock(&turns);
  const cudaError_t error = call();
  pthread_rwlock_unlock(&turns);
  return error;
}

// Waits for all of the current device.
cudaError_t wait_for_all() { return between_captures(cudaDeviceSynchronize); }

// Whether a device can read and write another's memory.
cudaError_t ask(int device, int other, int* can) {
  *can = 0;
  return device == other ? cudaSuccess : paraflux::taken(cudaDeviceCanAccessPeer(can, device, other));
}

// Has it do so, where it can.
cudaError_t reach(int device, int other) {
  return paraflux::on(device, [=] {
    int can;
    const cudaError_t asked = ask(device, other, &can);
    if (asked != cudaSuccess || can == 0) {
      return asked;
    }
    const cudaError_t enabled = between_captures([=] { return paraflux::taken(cudaDeviceEnablePeerAccess(other, 0)); });
    return enabled == cudaErrorPeerAccessAlreadyEnabled ? cudaSuccess : enabled;
  });
}

}  // namespace

using paraflux::on;
using paraflux::pointer;

extern "C" int paraflux_cuda_allocate(int device, int64_t bytes, int64_t* address) {
  return make<void>(device, address, [=](void** made) { return cudaMalloc(made, static_cast<size_t>(bytes)); });
}

extern "C" int paraflux_cuda_free(int device, int64_t address) {
  return on(device, [=] {
    const cudaError_t waited = wait_for_all();
    return first_of(waited, cudaFree(pointer<void>(address)));
  });
}

extern "C" int paraflux_cuda_allocate_host(int device, int64_t bytes, int64_t* address) {
  return make<void>(device, address,
                    [=](void** made) { return cudaHostAlloc(made, static_cast<size_t>(bytes), cudaHostAllocDefault); });
}

extern "C" int paraflux_cuda_free_host(int device, int64_t address) {
  return on(device, [=] {
    const cudaError_t waited = wait_for_all();
    return first_of(waited, cudaFreeHost(pointer<void>(address)));
  });
}

extern "C" int paraflux_cuda_open_stream(int device, int64_t* stream) {
  return make<std::remove_pointer_t<cudaStream_t>>(
      device, stream, [](cudaStream_t* made) { return cudaStreamCreateWithFlags(made, cudaStreamNonBlocking); });
}

extern "C" int paraflux_cuda_close_stream(int device, int64_t stream) {
  return on(device, [=] {
    const cudaError_t waited = cudaStreamSynchronize(stream_of(stream));
    return first_of(waited, cudaStreamDestroy(stream_of(stream)));
  });
}

extern "C" int paraflux_cuda_wait(int device, int64_t stream) {
  return on(device, [=] { return cudaStreamSynchronize(stream_of(stream)); });
}

// An event is given back when it has come about, whenever that is.
extern "C" int paraflux_cuda_follow(int device, int64_t stream, int other_device, int64_t other_stream) {
  cudaEvent_t event = nullptr;
  const cudaError_t made = on(other_device, [&] { return cudaEventCreateWithFlags(&event, cudaEventDisableTiming); });
  if (made != cudaSuccess) {
    return made;
  }
  const cudaError_t recorded = on(other_device, [=] { return cudaEventRecord(event, stream_of(other_stream)); });
  const cudaError_t waits =
      recorded != cudaSuccess ? recorded : on(device, [=] { return cudaStreamWaitEvent(stream_of(stream), event, 0); });
  return first_of(waits, on(other_device, [=] { return cudaEventDestroy(event); }));
}

extern "C" int paraflux_cuda_can_connect(int device, int other) {
  int there = 0;
  int back = 0;
  return ask(device, other, &there) == cudaSuccess && ask(other, device, &back) == cudaSuccess && there != 0 &&
         back != 0;
}

extern "C" int paraflux_cuda_connect(int device, int other) {
  return first_of(reach(device, other), reach(other, device));
}

extern "C" int paraflux_cuda_copy(int device, int64_t to, int64_t from, int64_t bytes, int64_t stream) {
  return on(device, [=] {
    return cudaMemcpyAsync(pointer<void>(to), pointer<const void>(from), static_cast<size_t>(bytes), cudaMemcpyDefault,
                           stream_of(stream));
  });
}

extern "C" int paraflux_cuda_fill(int device, int64_t to, int byte, int64_t bytes, int64_t stream) {
  return on(device,
            [=] { return cudaMemsetAsync(pointer<void>(to), byte, static_cast<size_t>(bytes), stream_of(stream)); });
}

// Of this thread alone: others may be taking memory meanwhile.
extern "C" int paraflux_cuda_begin_capture(int device, int64_t stream) {
  if (captures == 0) {
    pthread_rwlock_wrlock(&turns);
  }
  const int error =
      on(device, [=] { return cudaStreamBeginCapture(stream_of(stream), cudaStreamCaptureModeThreadLocal); });
  captures += error == cudaSuccess ? 1 : 0;
  if (captures == 0) {
    pthread_rwlock_unlock(&turns);
  }
  return error;
}

extern "C" int paraflux_cuda_end_capture(int device, int64_t stream, int64_t* graph) {
  const int error = make<std::remove_pointer_t<cudaGraphExec_t>>(device, graph, [=](cudaGraphExec_t* made) {
    cudaGraph_t captured = nullptr;
    const cudaError_t ended = cudaStreamEndCapture(stream_of(stream), &captured);
    if (ended != cudaSuccess || captured == nullptr) {
      return first_of(ended, cudaErrorInvalidValue);
    }
    const cudaError_t ready = cudaGraphInstantiate(made, captured, 0);
    return first_of(ready, cudaGraphDestroy(captured));
  });
  if (captures > 0 && --captures == 0) {
    pthread_rwlock_unlock(&turns);
  }
  return error;
}

extern "C" int paraflux_cuda_launch_graph(int device, int64_t graph, int64_t stream) {
  return on(device, [=] { return cudaGraphLaunch(graph_of(graph), stream_of(stream)); });
}

extern "C" int paraflux_cuda_free_graph(int device, int64_t graph) {
  return on(device, [=] {
    const cudaError_t waited = wait_for_all();
    return first_of(waited, cudaGraphExecDestroy(graph_of(graph)));
  });
}

extern "C" int paraflux_cuda_wait_for_all(int device) {
  return on(device, [] { return wait_for_all(); });
}
