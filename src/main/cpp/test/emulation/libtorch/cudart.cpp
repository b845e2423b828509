// libcudart.so.13 over the emulated device of libparaflux: what libtorch does with memory, streams, events and captures
// is done there, in the order of the very streams that the library itself uses. Kernels of libtorch are written down
// and not run.
#include <map>
#include <string>

#include "provider/stand_in.h"
#include "test/emulation/cuda_runtime.h"

// The emulation's functions have these names in C++; libtorch asks for them in C.
#define CUDA(name, parameters)                      \
  extern "C" int in_c_##name parameters asm(#name); \
  int in_c_##name parameters

CUDA(cudaGetDeviceCount, (int* count)) { return cudaGetDeviceCount(count); }
CUDA(cudaSetDevice, (int device)) { return cudaSetDevice(device); }
CUDA(cudaGetDevice, (int* device)) { return cudaGetDevice(device); }
CUDA(cudaDeviceCanAccessPeer, (int* can, int device, int other)) { return cudaDeviceCanAccessPeer(can, device, other); }
CUDA(cudaDeviceEnablePeerAccess, (int other, unsigned flags)) { return cudaDeviceEnablePeerAccess(other, flags); }
CUDA(cudaDeviceSynchronize, ()) { return cudaDeviceSynchronize(); }
CUDA(cudaGetLastError, ()) { return cudaGetLastError(); }
CUDA(cudaPeekAtLastError, ()) { return cudaSuccess; }
CUDA(cudaDriverGetVersion, (int* version)) { return cudaDriverGetVersion(version); }
CUDA(cudaRuntimeGetVersion, (int* version)) { return cudaDriverGetVersion(version); }

extern "C" int stand_in_properties(void* to);
CUDA(cudaGetDeviceProperties, (void* properties, int)) { return stand_in_properties(properties); }
CUDA(cudaDeviceGetAttribute, (int* value, int, int)) {
  *value = 1;
  return cudaSuccess;
}
CUDA(cudaDeviceGetStreamPriorityRange, (int* least, int* greatest)) {
  *least = 0;
  *greatest = -5;
  return cudaSuccess;
}

extern "C" const char* words_of(int error) asm("cudaGetErrorString");
const char* words_of(int error) { return cudaGetErrorString(static_cast<cudaError_t>(error)); }
extern "C" const char* name_of(int) asm("cudaGetErrorName");
const char* name_of(int) { return "cudaError"; }

CUDA(cudaMalloc, (void** to, size_t bytes)) {
  stand_in_log("take");
  return cudaMalloc(to, bytes);
}
CUDA(cudaFree, (void* memory)) {
  stand_in_log("give");
  return cudaFree(memory);
}
CUDA(cudaHostAlloc, (void** to, size_t bytes, unsigned flags)) { return cudaHostAlloc(to, bytes, flags); }
CUDA(cudaFreeHost, (void* memory)) { return cudaFreeHost(memory); }
CUDA(cudaMemGetInfo, (size_t * free_bytes, size_t* bytes)) { return cudaMemGetInfo(free_bytes, bytes); }

// As CUDA's own structure begins.
struct PointerAttributes {
  int type, device;
  const void *on_device, *on_host;
};
CUDA(cudaPointerGetAttributes, (PointerAttributes * attributes, const void* memory)) {
  cudaPointerAttributes found;
  cudaPointerGetAttributes(&found, memory);
  *attributes = {found.type, found.device, memory, found.type == cudaMemoryTypeDevice ? nullptr : memory};
  return cudaSuccess;
}

namespace {

const char* of(cudaStream_t stream) { return stream == nullptr ? "the default stream" : "a stream"; }

// In the place of the default stream, which the emulation takes for one that was forgotten. It waits for no other.
cudaStream_t usable(cudaStream_t stream) {
  static std::map<int, cudaStream_t>& made = *new std::map<int, cudaStream_t>;
  if (stream != nullptr) {
    return stream;
  }
  int device = 0;
  cudaGetDevice(&device);
  if (made[device] == nullptr) {
    cudaStreamCreateWithFlags(&made[device], 0);
  }
  return made[device];
}

// What a kernel that was not run would have answered in a byte, whether all of something is so: yes.
const void* yes(cudaStream_t stream) {
  static std::map<int, void*>& made = *new std::map<int, void*>;
  int device = 0;
  cudaGetDevice(&device);
  if (made[device] == nullptr) {
    cudaMalloc(&made[device], 1);
  }
  cudaMemsetAsync(made[device], 1, 1, stream);
  return made[device];
}

}  // namespace

CUDA(cudaMemcpyAsync, (void* to, const void* from, size_t bytes, cudaMemcpyKind kind, cudaStream_t stream)) {
  stand_in_log("copy %zu on %s", bytes, of(stream));
  const bool is_answer = bytes == 1 && kind == cudaMemcpyDeviceToHost;
  return cudaMemcpyAsync(to, is_answer ? yes(usable(stream)) : from, bytes, kind, usable(stream));
}
// From memory that is not pinned it is read when the call returns, and may yet be on its way.
CUDA(cudaMemcpy, (void* to, const void* from, size_t bytes, cudaMemcpyKind kind)) {
  stand_in_log("copy %zu at once", bytes);
  const cudaError_t error = cudaMemcpyAsync(to, from, bytes, kind, usable(nullptr));
  return error != cudaSuccess || kind == cudaMemcpyHostToDevice ? error : cudaStreamSynchronize(usable(nullptr));
}
CUDA(cudaMemsetAsync, (void* to, int value, size_t bytes, cudaStream_t stream)) {
  stand_in_log("fill %zu on %s", bytes, of(stream));
  return cudaMemsetAsync(to, value, bytes, usable(stream));
}

CUDA(cudaStreamCreateWithPriority, (cudaStream_t * stream, unsigned flags, int)) {
  return cudaStreamCreateWithFlags(stream, flags);
}
CUDA(cudaStreamDestroy, (cudaStream_t stream)) { return cudaStreamDestroy(stream); }
CUDA(cudaStreamSynchronize, (cudaStream_t stream)) {
  stand_in_log("wait for %s", of(stream));
  return cudaStreamSynchronize(usable(stream));
}
CUDA(cudaStreamQuery, (cudaStream_t stream)) { return cudaStreamSynchronize(usable(stream)); }
CUDA(cudaStreamWaitEvent, (cudaStream_t stream, cudaEvent_t event, unsigned flags)) {
  return cudaStreamWaitEvent(usable(stream), event, flags);
}
CUDA(cudaEventCreate, (cudaEvent_t * event)) { return cudaEventCreateWithFlags(event, 0); }
CUDA(cudaEventCreateWithFlags, (cudaEvent_t * event, unsigned flags)) { return cudaEventCreateWithFlags(event, flags); }
CUDA(cudaEventRecord, (cudaEvent_t event, cudaStream_t stream)) { return cudaEventRecord(event, usable(stream)); }
CUDA(cudaEventDestroy, (cudaEvent_t event)) { return cudaEventDestroy(event); }
CUDA(cudaEventQuery, (cudaEvent_t)) { return cudaDeviceSynchronize(); }
CUDA(cudaEventSynchronize, (cudaEvent_t)) { return cudaDeviceSynchronize(); }

CUDA(cudaStreamIsCapturing, (cudaStream_t stream, cudaStreamCaptureStatus* status)) {
  return cudaStreamIsCapturing(usable(stream), status);
}
CUDA(cudaStreamGetCaptureInfo, (cudaStream_t stream, cudaStreamCaptureStatus* status, unsigned long long* id)) {
  if (id != nullptr) {
    *id = 1;
  }
  return cudaStreamIsCapturing(usable(stream), status);
}
CUDA(cudaThreadExchangeStreamCaptureMode, (int* mode)) {
  static thread_local int now = cudaStreamCaptureModeGlobal;
  std::swap(now, *mode);
  return cudaSuccess;
}

namespace {

std::map<const void*, std::string>& kernels() {
  static auto& all = *new std::map<const void*, std::string>;
  return all;
}

thread_local cudaLaunchConfig_t configuration;

}  // namespace

extern "C" {

void** __cudaRegisterFatBinary(void*) {
  static void* none[64];
  return none;
}
void __cudaRegisterFatBinaryEnd(void**) {}
void __cudaUnregisterFatBinary(void**) {}
void __cudaRegisterVar(...) {}
void __cudaRegisterFunction(void**, const char* function, char*, const char* name, ...) { kernels()[function] = name; }
unsigned __cudaPushCallConfiguration(dim3 grid, dim3 block, size_t shared, cudaStream_t stream) {
  configuration = {grid, block, shared, stream, nullptr, 0};
  return 0;
}
int __cudaPopCallConfiguration(dim3* grid, dim3* block, size_t* shared, cudaStream_t* stream) {
  *grid = configuration.gridDim;
  *block = configuration.blockDim;
  *shared = configuration.dynamicSmemBytes;
  *stream = configuration.stream;
  return cudaSuccess;
}
int __cudaGetKernel(const void** kernel, const void* function) {
  *kernel = function;
  return cudaSuccess;
}
int __cudaLaunchKernel(const void* kernel, dim3, dim3, void**, size_t, cudaStream_t stream) {
  stand_in_log("kernel %s on %s", kernels()[kernel].c_str(), of(stream));
  return cudaSuccess;
}
}
