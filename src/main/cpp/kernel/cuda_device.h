// The device that a call works on is current for the time of the call alone: threads of a JVM come with any.
#pragma once

#include <cuda_runtime.h>

namespace paraflux {
namespace {

class CurrentDevice {
 public:
  explicit CurrentDevice(int device) : error_(cudaGetDevice(&before_)) {
    if (error_ == cudaSuccess && before_ != device) {
      error_ = cudaSetDevice(device);
      changed_ = error_ == cudaSuccess;
    }
    if (error_ != cudaSuccess) {
      cudaGetLastError();  // ours, told by error(); others find none
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

}  // namespace
}  // namespace paraflux
