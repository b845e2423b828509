// Where the kernels under test run: an instruction set of this CPU, or a CUDA device. The same tests run on each.
#pragma once

#include <memory>
#include <vector>

#include "test/windows.h"

class Target {
 public:
  virtual ~Target() = default;
  virtual void update(Arena& arena, int64_t dim, const Terms& terms) = 0;
  virtual void copy(Arena& arena, int64_t dim, const std::vector<int64_t>& from, const std::vector<int64_t>& to) = 0;
  virtual std::vector<double> norms(Arena& arena, int64_t dim, const Terms& terms) = 0;
  // Terms with outputs; `before` are places, too.
  virtual std::vector<double> change(Arena& arena, int64_t dim, const Terms& terms, const std::vector<int64_t>& before,
                                     float low, float high) = 0;
  // Groups of so many of the terms' rows.
  virtual std::vector<double> gram(Arena& arena, int64_t dim, const Terms& terms, int32_t size) = 0;
  virtual WindowSums window(Arena& arena, int64_t dim, const Window& window) = 0;
};

// The target that main.cpp chose.
Target& target();

// The host's baseline, to which every target must be equal bit for bit.
std::unique_ptr<Target> make_baseline();

// Null, with the reason printed, if there is no device.
std::unique_ptr<Target> make_cuda();

// Places as addresses in a block that begins at `base`.
inline std::vector<int64_t> addresses(const std::vector<int64_t>& places, int64_t base) {
  std::vector<int64_t> result;
  for (const int64_t place : places) {
    result.push_back(place == kNoRow ? 0 : place < 0 ? 4 : base + place * static_cast<int64_t>(sizeof(float)));
  }
  return result;
}
