// What the parts of the emulation share.
#pragma once

#include <functional>
#include <mutex>
#include <random>

#include "test/emulation/cuda_runtime.h"

namespace emulation {

// Ends the process, and says which kernel was to blame, if one was.
[[noreturn]] __attribute__((format(printf, 1, 2))) void die(const char* format, ...);

// One device at a time, and one caller at a time.
std::recursive_mutex& device_mutex();

// A number below another; from the one seed.
unsigned any(unsigned below);
std::mt19937& random_numbers();

// A setting of the environment.
int number_of(const char* name, int otherwise);

// Runs all blocks of a kernel (fibers.cpp).
void run_kernel(dim3 grid, dim3 block, const std::function<void()>& thread);

// Whether a kernel runs now, on this thread.
bool in_kernel();

// While one lives, the host can touch device memory, as it does when it runs kernels (memory.cpp).
class Open {
 public:
  Open();
  ~Open();
  Open(const Open&) = delete;
  Open& operator=(const Open&) = delete;
};

enum class Place { kHost, kPinned, kDevice };

// Where all of it lies.
Place place_of(const void* memory, size_t bytes);

// What the file of trouble asks for now (trouble.cpp): whether the devices are lost, and bytes that each of them has.
bool is_lost();
size_t device_bytes();

// For work of another device, memory is looked up anew.
void forget_what_was_asked();

// The device that this thread has chosen.
int chosen_device();

// The device whose work runs now.
int working_device();

// Leaves the error for cudaGetLastError.
cudaError_t fail(cudaError_t error);

// Runs what is enqueued on a device; on a lost one it is forgotten (streams.cpp).
void finish_device(int device);

}  // namespace emulation

#define EMULATION_LOCK const std::lock_guard<std::recursive_mutex> emulation_lock(emulation::device_mutex())
