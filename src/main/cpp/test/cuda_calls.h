// What tests of calls on CUDA ask of the runtime.
#pragma once

#include <cstdint>
#include <vector>

class CudaCalls {
 public:
  virtual ~CudaCalls() = default;

  virtual int devices() = 0;
  virtual int current_device() = 0;
  // Fails on purpose, and leaves the error on the thread.
  virtual void leave_error() = 0;
  // Takes what is left.
  virtual int error_left() = 0;
  // Kernels that the emulation was given so far, and the bytes of their parameters; else 0, 0.
  virtual std::vector<int64_t> launched() = 0;
  // Graphs that were captured and not given back, launchable or not: those of the emulation, which can tell; else 0.
  virtual int graphs_left() = 0;
  // What each kernel says on a device with a stream of that device, or of the first where there is no such device.
  virtual std::vector<int> errors_on_device(int device) = 0;
};
