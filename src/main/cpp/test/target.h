// Where the kernels under test run: an instruction set of this CPU, or a CUDA device. The same tests run on each.
#pragma once

#include <memory>
#include <vector>

#include "test/cuda_calls.h"
#include "test/tables.h"

class Target {
 public:
  virtual ~Target() = default;

  // The sums, kUntouched for rows that want none.
  virtual std::vector<double> run(Arena& arena, int64_t dim, const Program& program) = 0;
  // Groups of so many of the terms' rows.
  virtual std::vector<double> gram(Arena& arena, int64_t dim, const Terms& terms, int32_t size) = 0;
  virtual std::vector<double> quantiles(Arena& arena, int64_t dim, const std::vector<Quantile>& quantiles) = 0;
  // The sums of all windows, one after the other.
  virtual WindowSums windows(Arena& arena, int64_t dim, const std::vector<Window>& windows) = 0;

  // Null where calls are those of the host.
  virtual CudaCalls* cuda_calls() { return nullptr; }

  // Programs of rows of one kind.
  void update(Arena& arena, int64_t dim, const Terms& terms) { run(arena, dim, program_of(terms, PARAFLUX_ROW_STORE)); }

  std::vector<double> norms(Arena& arena, int64_t dim, const Terms& terms) {
    return run(arena, dim, program_of(terms, PARAFLUX_ROW_SQUARES));
  }

  // Terms with outputs; `before` are places, too.
  std::vector<double> change(Arena& arena, int64_t dim, const Terms& terms, const std::vector<int64_t>& before,
                             float low, float high) {
    Program program = program_of(terms, PARAFLUX_ROW_STORE | PARAFLUX_ROW_COMPARE);
    for (size_t r = 0; r < program.size(); ++r) {
      program[r].before = before[r];
      program[r].seen_low = static_cast<double>(low);
      program[r].seen_high = static_cast<double>(high);
    }
    return run(arena, dim, program);
  }

  void copy(Arena& arena, int64_t dim, const std::vector<int64_t>& from, const std::vector<int64_t>& to) {
    Terms terms;
    for (size_t r = 0; r < from.size(); ++r) {
      terms.add(to[r], {from[r]}, {1e300});
    }
    run(arena, dim, program_of(terms, PARAFLUX_ROW_STORE | PARAFLUX_ROW_COPY));
  }

  WindowSums window(Arena& arena, int64_t dim, const Window& window) { return windows(arena, dim, {window}); }
};

// The target that main.cpp chose.
Target& target();

// The host's baseline, to which every target must be equal bit for bit.
std::unique_ptr<Target> make_baseline();

// Null, with the reason printed, if there is no device.
std::unique_ptr<Target> make_cuda();
