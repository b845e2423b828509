// As much of CUDA as Paraflux uses, on the host, so that what the twins do is tested where there is no device. The
// kernels are compiled as C++. Threads of a block are fibers, which run in random order between barriers (fibers.cpp);
// device memory is guarded, begins as NaNs, and is closed to the host but while queued work runs (memory.cpp); a stream
// does nothing before somebody waits for it, or now and then (streams.cpp). All random choices follow from one seed,
// which is printed, and is taken from EMULATED_SEED where that is set. What is wrong ends the process with a sentence.
//
// What a device cannot help is planted by the environment: EMULATED_DEVICES (1), EMULATED_MEGABYTES (4096) of memory on
// each, EMULATED_PEERS (1, or 0 for devices that do not reach each other's memory), EMULATED_DRIVER (13000) for its
// version, EMULATED_WITHOUT_CODE for a build that lacks the architecture, and EMULATED_TROUBLE for a file: while it is
// there with the word "lost" in it, the devices are lost, and with a number, they have so many bytes (trouble.cpp).
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <cmath>
#include <functional>
#include <memory>
#include <tuple>
#include <type_traits>

#define CUDART_VERSION 13000
#define PARAFLUX_EMULATED
#define __global__
#define __device__
#define __host__
#define __launch_bounds__(...)
#define __shared__ static __attribute__((section("emulated_shared")))

#define EMULATED_API __attribute__((visibility("default")))

struct alignas(16) uint4 {
  unsigned x, y, z, w;
};
struct dim3 {
  unsigned x, y, z;
  constexpr dim3(unsigned in_x = 1, unsigned in_y = 1, unsigned in_z = 1) : x(in_x), y(in_y), z(in_z) {}
};

extern EMULATED_API dim3 threadIdx, blockIdx, blockDim, gridDim;

inline double __dadd_rn(double a, double b) { return a + b; }
inline double __dsub_rn(double a, double b) { return a - b; }
inline double __dmul_rn(double a, double b) { return a * b; }
inline double __ddiv_rn(double a, double b) { return a / b; }
inline float __double2float_rn(double a) { return static_cast<float>(a); }
template <typename To, typename From>
To emulated_bits(From from) {
  static_assert(sizeof(To) == sizeof(From), "bits are copied");
  To to;
  __builtin_memcpy(&to, &from, sizeof to);
  return to;
}
inline float __uint_as_float(unsigned bits) { return emulated_bits<float>(bits); }
inline double __longlong_as_double(long long bits) { return emulated_bits<double>(bits); }
template <typename T>
T __ldg(const T* from) {
  return *from;
}
using std::isfinite;
template <typename T>
T max(T a, T b) {
  return a < b ? b : a;
}

// Fibers of a block take turns on one thread, so that these need not be more than what they say.
inline unsigned atomicAdd(unsigned* to, unsigned value) { return (*to += value) - value; }
inline unsigned atomicMax(unsigned* to, unsigned value) {
  const unsigned old = *to;
  *to = old < value ? value : old;
  return old;
}
inline unsigned atomicMin(unsigned* to, unsigned value) {
  const unsigned old = *to;
  *to = value < old ? value : old;
  return old;
}

enum cudaError_t {
  cudaSuccess = 0,
  cudaErrorInvalidValue = 1,
  cudaErrorMemoryAllocation = 2,
  cudaErrorInvalidConfiguration = 9,
  cudaErrorInsufficientDriver = 35,
  cudaErrorNoDevice = 100,
  cudaErrorInvalidDevice = 101,
  cudaErrorNoKernelImageForDevice = 209,
  cudaErrorInvalidResourceHandle = 400,
  cudaErrorPeerAccessAlreadyEnabled = 704,
  cudaErrorLaunchFailure = 719,
  cudaErrorStreamCaptureUnsupported = 900,
  cudaErrorStreamCaptureInvalidated = 901
};
enum cudaMemcpyKind {
  cudaMemcpyHostToHost,
  cudaMemcpyHostToDevice,
  cudaMemcpyDeviceToHost,
  cudaMemcpyDeviceToDevice,
  cudaMemcpyDefault
};
constexpr unsigned cudaStreamNonBlocking = 1, cudaHostAllocDefault = 0, cudaEventDisableTiming = 2;
struct cudaDeviceProp {
  char name[256];
  int major, minor, multiProcessorCount;
};
struct cudaFuncAttributes {};
enum cudaStreamCaptureMode { cudaStreamCaptureModeGlobal, cudaStreamCaptureModeThreadLocal };
enum cudaStreamCaptureStatus {
  cudaStreamCaptureStatusNone,
  cudaStreamCaptureStatusActive,
  cudaStreamCaptureStatusInvalidated
};
enum cudaMemoryType { cudaMemoryTypeUnregistered, cudaMemoryTypeHost, cudaMemoryTypeDevice };
struct cudaPointerAttributes {
  cudaMemoryType type;
  int device;
};
using cudaStream_t = struct EmulatedStream*;
using cudaEvent_t = struct EmulatedEvent*;
using cudaGraph_t = struct EmulatedGraph*;
using cudaGraphExec_t = struct EmulatedGraphExec*;
struct cudaLaunchAttribute {};
struct cudaLaunchConfig_t {
  dim3 gridDim, blockDim;
  size_t dynamicSmemBytes;
  cudaStream_t stream;
  cudaLaunchAttribute* attrs;
  unsigned numAttrs;
};

EMULATED_API cudaError_t cudaGetDeviceCount(int*);
EMULATED_API cudaError_t cudaGetDeviceProperties(cudaDeviceProp*, int);
EMULATED_API cudaError_t cudaDriverGetVersion(int*);
EMULATED_API cudaError_t cudaFuncGetAttributes(cudaFuncAttributes*, const void*);
EMULATED_API cudaError_t cudaMemGetInfo(size_t*, size_t*);
EMULATED_API cudaError_t cudaSetDevice(int);
EMULATED_API cudaError_t cudaGetDevice(int*);
EMULATED_API cudaError_t cudaDeviceCanAccessPeer(int*, int, int);
EMULATED_API cudaError_t cudaDeviceEnablePeerAccess(int, unsigned);
EMULATED_API cudaError_t cudaGetLastError();
EMULATED_API const char* cudaGetErrorString(cudaError_t);
EMULATED_API cudaError_t cudaMalloc(void**, size_t);
EMULATED_API cudaError_t cudaFree(void*);
EMULATED_API cudaError_t cudaHostAlloc(void**, size_t, unsigned);
EMULATED_API cudaError_t cudaFreeHost(void*);
EMULATED_API cudaError_t cudaPointerGetAttributes(cudaPointerAttributes*, const void*);
EMULATED_API cudaError_t cudaMemcpyAsync(void*, const void*, size_t, cudaMemcpyKind, cudaStream_t);
EMULATED_API cudaError_t cudaMemsetAsync(void*, int, size_t, cudaStream_t);
EMULATED_API cudaError_t cudaDeviceSynchronize();
EMULATED_API cudaError_t cudaStreamCreateWithFlags(cudaStream_t*, unsigned);
EMULATED_API cudaError_t cudaStreamDestroy(cudaStream_t);
EMULATED_API cudaError_t cudaStreamSynchronize(cudaStream_t);
EMULATED_API cudaError_t cudaEventCreateWithFlags(cudaEvent_t*, unsigned);
EMULATED_API cudaError_t cudaEventRecord(cudaEvent_t, cudaStream_t);
EMULATED_API cudaError_t cudaEventDestroy(cudaEvent_t);
EMULATED_API cudaError_t cudaStreamWaitEvent(cudaStream_t, cudaEvent_t, unsigned);
EMULATED_API cudaError_t cudaStreamBeginCapture(cudaStream_t, cudaStreamCaptureMode);
EMULATED_API cudaError_t cudaStreamIsCapturing(cudaStream_t, cudaStreamCaptureStatus*);
EMULATED_API cudaError_t cudaStreamEndCapture(cudaStream_t, cudaGraph_t*);
EMULATED_API cudaError_t cudaGraphInstantiate(cudaGraphExec_t*, cudaGraph_t, unsigned long long);
EMULATED_API cudaError_t cudaGraphDestroy(cudaGraph_t);
EMULATED_API cudaError_t cudaGraphLaunch(cudaGraphExec_t, cudaStream_t);
EMULATED_API cudaError_t cudaGraphExecDestroy(cudaGraphExec_t);

namespace emulation {

// Enqueues a kernel of `bytes` of parameters, of which these are addresses; `thread` runs one thread of it.
EMULATED_API cudaError_t launch(const cudaLaunchConfig_t& shape, size_t bytes, std::function<void()> thread);

// Launches so far, and the bytes of their parameters.
struct Launched {
  int64_t launches, bytes;
};
EMULATED_API Launched launched();

// Graphs that have not been destroyed, ready to be launched or not.
EMULATED_API int graphs_left();

// Ends the process if the address is not the device's to use. Called from kernels; elsewhere everything is.
EMULATED_API void must_be_for_device(const void* address);
EMULATED_API void must_be_for_device_at_launch(const void* address);

// Wait for the block, or for the warp. Where they are called from tells diverged threads apart.
EMULATED_API void wait_block(int line);
EMULATED_API bool any_of_block(bool value, int line);
EMULATED_API double exchange(double value, unsigned source, int line, unsigned mask);

template <typename T>
void check_parameter(const T& parameter) {
  if constexpr (std::is_pointer_v<T>) {
    must_be_for_device_at_launch(parameter);
  }
}

}  // namespace emulation

// A kernel takes its tables by reference here: a copy for every thread would be most of the time.
template <typename... Parameters, typename... Arguments>
cudaError_t cudaLaunchKernelEx(const cudaLaunchConfig_t* shape, void (*kernel)(Parameters...), Arguments&&... given) {
  using All = std::tuple<std::decay_t<Parameters>...>;
  const std::shared_ptr<All> all = std::make_shared<All>(given...);
  std::apply([](const auto&... each) { (emulation::check_parameter(each), ...); }, *all);
  return emulation::launch(*shape, sizeof(All), [=] { std::apply(kernel, *all); });
}

inline void __syncthreads(int line = __builtin_LINE()) { emulation::wait_block(line); }
inline int __syncthreads_or(int value, int line = __builtin_LINE()) {
  return emulation::any_of_block(value != 0, line);
}
inline double __shfl_sync(unsigned mask, double value, int source, int line = __builtin_LINE()) {
  return emulation::exchange(value, static_cast<unsigned>(source), line, mask);
}
inline double __shfl_down_sync(unsigned mask, double value, unsigned delta, int width = 32,
                               int line = __builtin_LINE()) {
  const unsigned lane = threadIdx.x % 32;
  const bool inside = lane % static_cast<unsigned>(width) + delta < static_cast<unsigned>(width);
  return emulation::exchange(value, inside ? lane + delta : lane, line, mask);
}
