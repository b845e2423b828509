// What CUDA devices there are, asked once, and why there are none.
#include <cuda_runtime.h>
#include <stdio.h>

#include "kernel/cuda_device.h"
#include "paraflux/cuda.h"

namespace {

constexpr int kMostDevices = 64;

// What every build has for every architecture that it was built for.
__global__ void present() {}

// CUDA counts versions in thousands and tens: 12040 is 12.4.
void describe_version(char* to, size_t room, int version) {
  snprintf(to, room, "%d.%d", version / 1000, version % 1000 / 10);
}

struct Devices {
  int count = 0;
  char message[4096] = "";
  char names[kMostDevices][256] = {};
  char refusals[kMostDevices][512] = {};

  Devices() {
    const cudaError_t error = paraflux::taken(cudaGetDeviceCount(&count));
    if (error != cudaSuccess || count == 0) {
      count = 0;
      explain(error);
      return;
    }
    count = count < kMostDevices ? count : kMostDevices;
    size_t length = 0;
    for (int device = 0; device < count; ++device) {
      ask(device);
      if (length < sizeof message) {
        const int written =
            snprintf(message + length, sizeof message - length, "%s%s", device == 0 ? "" : ", ", names[device]);
        length += static_cast<size_t>(written);
      }
    }
  }

  void explain(cudaError_t error) {
    char needed[16], found[16];
    int version = 0;
    describe_version(needed, sizeof needed, CUDART_VERSION);
    const bool known = paraflux::taken(cudaDriverGetVersion(&version)) == cudaSuccess;
    describe_version(found, sizeof found, version);
    if (known && version == 0) {
      snprintf(message, sizeof message, "there is no NVIDIA driver here: one for CUDA %s or newer is needed", needed);
    } else if (error == cudaErrorInsufficientDriver) {
      snprintf(message, sizeof message, "the NVIDIA driver here is for CUDA %s: one for CUDA %s or newer is needed",
               found, needed);
    } else {
      snprintf(message, sizeof message, "%s",
               error == cudaSuccess ? "no CUDA device is found" : cudaGetErrorString(error));
    }
  }

  void ask(int device) {
    cudaDeviceProp properties;
    if (paraflux::taken(cudaGetDeviceProperties(&properties, device)) != cudaSuccess) {
      snprintf(names[device], sizeof names[device], "a device that does not answer");
      snprintf(refusals[device], sizeof refusals[device], "it does not answer");
      return;
    }
    snprintf(names[device], sizeof names[device], "%s", properties.name);
    const cudaError_t error = paraflux::on(device, [] {
      cudaFuncAttributes attributes;
      return cudaFuncGetAttributes(&attributes, reinterpret_cast<const void*>(present));
    });
    if (error == cudaErrorNoKernelImageForDevice) {
      snprintf(refusals[device], sizeof refusals[device],
               "this build has no code for its compute capability, %d.%d: build libparaflux for it with "
               "-DCMAKE_CUDA_ARCHITECTURES=%d%d",
               properties.major, properties.minor, properties.major, properties.minor);
    } else if (error != cudaSuccess) {
      snprintf(refusals[device], sizeof refusals[device], "%s", cudaGetErrorString(error));
    }
  }

  bool has(int device) const { return device >= 0 && device < count; }
};

const Devices& devices() {
  static const Devices found;
  return found;
}

}  // namespace

extern "C" int paraflux_cuda_device_count(void) { return devices().count; }

extern "C" const char* paraflux_cuda_message(void) { return devices().message; }

extern "C" const char* paraflux_cuda_device_name(int device) {
  return devices().has(device) ? devices().names[device] : "";
}

extern "C" const char* paraflux_cuda_device_refusal(int device) {
  return devices().has(device) ? devices().refusals[device] : "there is no such device";
}

extern "C" int paraflux_cuda_device_facts(int device, int64_t* facts) {
  return paraflux::on(device, [=] {
    size_t free_bytes = 0, bytes = 0;
    cudaDeviceProp properties;
    cudaError_t error = cudaGetDeviceProperties(&properties, device);
    error = error != cudaSuccess ? error : cudaMemGetInfo(&free_bytes, &bytes);
    if (error == cudaSuccess) {
      facts[0] = properties.major;
      facts[1] = properties.minor;
      facts[2] = static_cast<int64_t>(bytes);
      facts[3] = static_cast<int64_t>(free_bytes);
      facts[4] = properties.multiProcessorCount;
    }
    return error;
  });
}

extern "C" const char* paraflux_cuda_words(int error) {
  return error == PARAFLUX_CUDA_NOT_BUILT ? "built without CUDA" : cudaGetErrorString(static_cast<cudaError_t>(error));
}
