// Memory, streams and trouble of CUDA devices, for the tests of what is done with them.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "paraflux/kernels.h"
#include "test/check.h"
#include "test/target.h"

inline bool on_device() { return target().cuda_calls() != nullptr; }

// Memory of a device and of the host, and a stream, for as long as a test takes.
class Place {
 public:
  explicit Place(int device, int64_t bytes) : device_(device), bytes_(bytes) {
    error = paraflux_cuda_open_stream(device, &stream);
    error = error != 0 ? error : paraflux_cuda_allocate(device, bytes, &memory);
    error = error != 0 ? error : paraflux_cuda_allocate_host(device, bytes, &pinned);
  }
  ~Place() {
    const int freed = memory == 0 ? 0 : paraflux_cuda_free(device_, memory);
    const int freed_host = pinned == 0 ? 0 : paraflux_cuda_free_host(device_, pinned);
    const int closed = stream == 0 ? 0 : paraflux_cuda_close_stream(device_, stream);
    if (freed != 0 || freed_host != 0 || closed != 0) {
      std::printf("not given back: %d, %d, %d\n", freed, freed_host, closed);
      check::failed() = true;
    }
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  unsigned char* bytes() const { return reinterpret_cast<unsigned char*>(static_cast<uintptr_t>(pinned)); }
  int up() const { return paraflux_cuda_copy(device_, memory, pinned, bytes_, stream); }
  int down() const { return paraflux_cuda_copy(device_, pinned, memory, bytes_, stream); }
  int wait() const { return paraflux_cuda_wait(device_, stream); }

  int error = 0;
  int64_t stream = 0, memory = 0, pinned = 0;

 private:
  const int device_;
  const int64_t bytes_;
};

// The file that the emulation looks for, where this is one.
class Trouble {
 public:
  explicit Trouble(const char* words) {
    if (is_there()) {
      std::ofstream(std::getenv("EMULATED_TROUBLE")) << words;
    }
  }
  ~Trouble() {
    if (is_there()) {
      std::remove(std::getenv("EMULATED_TROUBLE"));
    }
  }
  static bool is_there() { return std::getenv("EMULATED_TROUBLE") != nullptr; }
};
