// One device of CUDA that has memory, copies and streams, and no kernels: what ONNX Runtime's provider calls of
// libcudart.so.12. STAND_IN_MEMORY says how many bytes it has for one piece.
#include <map>
#include <mutex>

#include "stand_in.h"

namespace {

constexpr int kOutOfMemory = 2;
constexpr int kInvalidDevice = 101;
constexpr int kVersion = 12090;
constexpr std::size_t kAlignment = 512;

std::mutex mutex;
std::map<const char*, std::size_t> pieces;

bool is_device(const void* at) {
  std::lock_guard<std::mutex> lock(mutex);
  auto next = pieces.upper_bound(static_cast<const char*>(at));
  if (next == pieces.begin()) return false;
  --next;
  return static_cast<const char*>(at) < next->first + next->second;
}

void* allocate(std::size_t bytes) {
  return std::aligned_alloc(kAlignment, (bytes + kAlignment - 1) / kAlignment * kAlignment);
}

int make(void** handle) {
  *handle = std::malloc(8);
  return 0;
}

}  // namespace

extern "C" {

int cudaGetDeviceCount(int* count) {
  *count = 1;
  return 0;
}
int cudaSetDevice(int device) { return device == 0 ? 0 : kInvalidDevice; }
int cudaGetDevice(int* device) {
  *device = 0;
  return 0;
}
int cudaDeviceSynchronize() { return 0; }

// Of the properties those that come first, as CUDA 12 lays them out.
int cudaGetDeviceProperties_v2(void* properties, int) {
  struct {
    char name[256];
    char ids[28];
    std::size_t global, shared;
    int registers, warp;
    std::size_t pitch;
    int threads, most_threads[3], grid[3], clock;
    std::size_t constants;
    int major, minor;
    std::size_t texture, texture_pitch;
    int overlap, multiprocessors;
  } first = {"stand-in",
             {},
             std::size_t{1} << 34,
             49152,
             65536,
             32,
             std::size_t{1} << 30,
             1024,
             {1024, 1024, 64},
             {1 << 30, 65535, 65535},
             1000000,
             65536,
             9,
             0,
             512,
             32,
             1,
             132};
  std::memset(properties, 0, 1032);
  std::memcpy(properties, &first, sizeof first);
  return 0;
}

int cudaMalloc(void** at, std::size_t bytes) {
  const char* most = std::getenv("STAND_IN_MEMORY");
  if (most != nullptr && bytes > std::strtoull(most, nullptr, 10)) return kOutOfMemory;
  *at = allocate(bytes);
  std::lock_guard<std::mutex> lock(mutex);
  pieces[static_cast<const char*>(*at)] = bytes;
  return 0;
}
int cudaFree(void* at) {
  std::lock_guard<std::mutex> lock(mutex);
  pieces.erase(static_cast<const char*>(at));
  std::free(at);
  return 0;
}
int cudaHostAlloc(void** at, std::size_t bytes, unsigned) {
  *at = allocate(bytes);
  return 0;
}
int cudaMallocHost(void** at, std::size_t bytes) { return cudaHostAlloc(at, bytes, 0); }
int cudaFreeHost(void* at) {
  std::free(at);
  return 0;
}
int cudaMemGetInfo(std::size_t* free, std::size_t* total) {
  *free = std::size_t{1} << 33;
  *total = std::size_t{1} << 34;
  return 0;
}

int cudaMemcpy(void* to, const void* from, std::size_t bytes, int) {
  bool reads = is_device(from), writes = is_device(to);
  stand_in_log("copy %zu from %s to %s", bytes, reads ? "device" : "host", writes ? "device" : "host");
  std::memmove(to, from, bytes);
  if (reads != writes) {
    for (std::size_t i = 0; i < bytes; i++) static_cast<unsigned char*>(to)[i] ^= 0xff;
  }
  return 0;
}
int cudaMemcpyAsync(void* to, const void* from, std::size_t bytes, int kind, void*) {
  return cudaMemcpy(to, from, bytes, kind);
}
int cudaMemset(void* at, int value, std::size_t bytes) {
  std::memset(at, ~value, bytes);
  return 0;
}
int cudaMemsetAsync(void* at, int value, std::size_t bytes, void*) { return cudaMemset(at, value, bytes); }

int cudaStreamCreate(void** stream) { return make(stream); }
int cudaStreamCreateWithFlags(void** stream, unsigned) { return make(stream); }
int cudaStreamDestroy(void* stream) {
  std::free(stream);
  return 0;
}
int cudaStreamSynchronize(void*) {
  stand_in_log("wait");
  return 0;
}
int cudaStreamWaitEvent(void*, void*, unsigned) { return 0; }
int cudaStreamIsCapturing(void*, int* status) {
  *status = 0;
  return 0;
}
int cudaEventCreate(void** event) { return make(event); }
int cudaEventCreateWithFlags(void** event, unsigned) { return make(event); }
int cudaEventDestroy(void* event) {
  std::free(event);
  return 0;
}
int cudaEventRecord(void*, void*) { return 0; }
int cudaEventSynchronize(void*) { return 0; }
int cudaLaunchHostFunc(void*, void (*work)(void*), void* data) {
  work(data);
  return 0;
}
int cudaDeviceGetAttribute(int* value, int, int) {
  *value = 1;
  return 0;
}
int cudaDriverGetVersion(int* version) {
  *version = kVersion;
  return 0;
}
int cudaRuntimeGetVersion(int* version) { return cudaDriverGetVersion(version); }
int cudaGetLastError() { return 0; }
int cudaPeekAtLastError() { return 0; }
const char* cudaGetErrorString(int error) { return error == kOutOfMemory ? "out of memory" : "no kernels here"; }
const char* cudaGetErrorName(int) { return "cudaError"; }

// Code of kernels is registered when the provider is loaded, and never runs.
void** __cudaRegisterFatBinary(void*) {
  static void* none[64];
  return none;
}
void __cudaRegisterFatBinaryEnd(void**) {}
void __cudaUnregisterFatBinary(void**) {}
void __cudaRegisterFunction(...) {}
void __cudaRegisterVar(...) {}
}
