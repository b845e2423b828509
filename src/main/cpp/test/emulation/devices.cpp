// Devices, what a thread has chosen among them, and errors.
#include <stdio.h>

#include <set>
#include <utility>

#include "test/emulation/emulation.h"

namespace emulation {
namespace {

thread_local int current_device = 0;
thread_local cudaError_t last_error = cudaSuccess;

int devices() { return number_of("EMULATED_DEVICES", 1); }

bool is_device(int device) { return device >= 0 && device < devices(); }

// Whose memory each device reaches.
std::set<std::pair<int, int>>& peers() {
  static std::set<std::pair<int, int>>& all = *new std::set<std::pair<int, int>>;
  return all;
}

}  // namespace

cudaError_t fail(cudaError_t error) {
  last_error = error;
  return error;
}

int chosen_device() { return current_device; }

}  // namespace emulation

using namespace emulation;

cudaError_t cudaGetDeviceCount(int* count) {
  int version = 0;
  cudaDriverGetVersion(&version);
  if (version < CUDART_VERSION) {
    return fail(cudaErrorInsufficientDriver);
  }
  *count = devices();
  return *count > 0 ? cudaSuccess : fail(cudaErrorNoDevice);
}

cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int device) {
  if (!is_device(device)) {
    return fail(cudaErrorInvalidDevice);
  }
  snprintf(properties->name, sizeof properties->name, "an emulated device");
  properties->major = 9;
  properties->minor = 0;
  properties->multiProcessorCount = 1;
  return cudaSuccess;
}

cudaError_t cudaDriverGetVersion(int* version) {
  *version = number_of("EMULATED_DRIVER", CUDART_VERSION);
  return cudaSuccess;
}

cudaError_t cudaFuncGetAttributes(cudaFuncAttributes*, const void*) {
  return number_of("EMULATED_WITHOUT_CODE", 0) == 0 ? cudaSuccess : fail(cudaErrorNoKernelImageForDevice);
}

cudaError_t cudaSetDevice(int device) {
  if (!is_device(device)) {
    return fail(cudaErrorInvalidDevice);
  }
  current_device = device;
  return cudaSuccess;
}

cudaError_t cudaGetDevice(int* device) {
  *device = current_device;
  return cudaSuccess;
}

cudaError_t cudaDeviceCanAccessPeer(int* can, int device, int other) {
  if (!is_device(device) || !is_device(other)) {
    return fail(cudaErrorInvalidDevice);
  }
  *can = device != other ? number_of("EMULATED_PEERS", 1) : 0;
  return cudaSuccess;
}

cudaError_t cudaDeviceEnablePeerAccess(int other, unsigned) {
  EMULATION_LOCK;
  int can = 0;
  const cudaError_t asked = cudaDeviceCanAccessPeer(&can, current_device, other);
  if (asked != cudaSuccess || can == 0) {
    return asked != cudaSuccess ? asked : fail(cudaErrorInvalidDevice);
  }
  return peers().emplace(current_device, other).second ? cudaSuccess : fail(cudaErrorPeerAccessAlreadyEnabled);
}

cudaError_t cudaGetLastError() {
  const cudaError_t error = last_error;
  last_error = cudaSuccess;
  return error;
}

const char* cudaGetErrorString(cudaError_t error) {
  switch (error) {
    case cudaSuccess:
      return "no error";
    case cudaErrorMemoryAllocation:
      return "out of memory";
    case cudaErrorInvalidConfiguration:
      return "invalid configuration argument";
    case cudaErrorInsufficientDriver:
      return "CUDA driver version is insufficient for CUDA runtime version";
    case cudaErrorLaunchFailure:
      return "unspecified launch failure";
    case cudaErrorNoDevice:
      return "no CUDA-capable device is detected";
    case cudaErrorInvalidDevice:
      return "invalid device ordinal";
    case cudaErrorInvalidResourceHandle:
      return "invalid resource handle";
    default:
      return "an emulated error";
  }
}
