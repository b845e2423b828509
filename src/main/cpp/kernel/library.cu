// What CUDA devices there are, asked once.
#include <cuda_runtime.h>
#include <stdio.h>

#include "paraflux/library.h"

namespace {

struct Devices {
  int count = 0;
  char message[1024] = "";

  Devices() {
    const cudaError_t error = cudaGetDeviceCount(&count);
    if (error != cudaSuccess || count == 0) {
      count = 0;
      const char* words = error == cudaSuccess ? "no CUDA device found" : cudaGetErrorString(error);
      snprintf(message, sizeof message, "%s", words);
      cudaGetLastError();  // a failed question must not look like a failed launch later
      return;
    }
    size_t length = 0;
    for (int device = 0; device < count && length < sizeof message; ++device) {
      cudaDeviceProp properties;
      const bool known = cudaGetDeviceProperties(&properties, device) == cudaSuccess;
      const int written = snprintf(message + length, sizeof message - length, "%s%s", device == 0 ? "" : ", ",
                                   known ? properties.name : "a device that does not answer");
      length += static_cast<size_t>(written);
    }
  }
};

const Devices& devices() {
  static const Devices found;
  return found;
}

}  // namespace

extern "C" int paraflux_cuda_device_count(void) { return devices().count; }

extern "C" const char* paraflux_cuda_message(void) { return devices().message; }
