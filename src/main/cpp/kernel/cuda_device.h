// What calls leave of a thread as it was: its device, for threads of a JVM come with any, and its last error.
#pragma once

#include <cuda_runtime.h>

namespace paraflux {
namespace {

// An error of ours, which is told and not left for others to find.
inline cudaError_t taken(cudaError_t error) {
  if (error != cudaSuccess) {
    cudaGetLastError();
  }
  return error;
}

// The device that a call works on is current while one lives.
class CurrentDevice {
 public:
  explicit CurrentDevice(int device) : error_(taken(cudaGetDevice(&before_))) {
    if (error_ == cudaSuccess && before_ != device) {
      error_ = taken(cudaSetDevice(device));
      changed_ = error_ == cudaSuccess;
    }
  }
  ~CurrentDevice() {
    if (changed_) {
      cudaSetDevice(before_);
    }
  }
  CurrentDevice(const CurrentDevice&) = delete;
  CurrentDevice& operator=(const CurrentDevice&) = delete;

  // What kept the device from becoming current.
  cudaError_t error() const { return error_; }

 private:
  int before_ = 0;
  bool changed_ = false;
  cudaError_t error_;
};

// Does something on a device; its error.
template <typename Call>
cudaError_t on(int device, Call call) {
  const CurrentDevice current(device);
  return current.error() != cudaSuccess ? current.error() : taken(call());
}

}  // namespace
}  // namespace paraflux
