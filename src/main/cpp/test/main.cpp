// Runs this program's tests: with "cpu" on every instruction set that this CPU has, with "cuda" on the first device.
#include <cstring>
#include <limits>

#include "paraflux/library.h"
#include "paraflux/row_change.h"
#include "paraflux/row_copy.h"
#include "paraflux/row_gram.h"
#include "paraflux/row_norms.h"
#include "paraflux/row_update.h"
#include "paraflux/window_residual.h"
#include "test/check.h"
#include "test/target.h"

namespace {

class Cpu : public Target {
 public:
  explicit Cpu(const char* isa) : isa_(isa) {}

  void update(Arena& arena, int64_t dim, const Terms& terms) override {
    paraflux_use_isa(isa_);
    const int64_t base = address(arena);
    paraflux_row_update(terms.rows(), dim, addresses(terms.out, base).data(), terms.counts.data(),
                        addresses(terms.inputs, base).data(), terms.coefficients.data());
  }

  void copy(Arena& arena, int64_t dim, const std::vector<int64_t>& from, const std::vector<int64_t>& to) override {
    const int64_t base = address(arena);
    paraflux_row_copy(static_cast<int64_t>(from.size()), dim, addresses(from, base).data(), addresses(to, base).data());
  }

  std::vector<double> norms(Arena& arena, int64_t dim, const Terms& terms) override {
    paraflux_use_isa(isa_);
    std::vector<double> sums(terms.counts.size());
    paraflux_row_norms(terms.rows(), dim, terms.counts.data(), addresses(terms.inputs, address(arena)).data(),
                       terms.coefficients.data(), sums.data());
    return sums;
  }

  std::vector<double> change(Arena& arena, int64_t dim, const Terms& terms, const std::vector<int64_t>& before,
                             float low, float high) override {
    paraflux_use_isa(isa_);
    const int64_t base = address(arena);
    std::vector<double> changes(terms.counts.size() + 1, kUntouched);
    paraflux_row_change(terms.rows(), dim, addresses(terms.out, base).data(), terms.counts.data(),
                        addresses(terms.inputs, base).data(), terms.coefficients.data(), addresses(before, base).data(),
                        low, high, changes.data());
    if (changes.back() != kUntouched) {
      std::printf("written behind the changes\n");
      check::failed() = true;
    }
    changes.pop_back();
    return changes;
  }

  std::vector<double> gram(Arena& arena, int64_t dim, const Terms& terms, int32_t size) override {
    paraflux_use_isa(isa_);
    std::vector<double> sums(static_cast<size_t>(terms.rows() * (size + 1) / 2 + 1), kUntouched);
    paraflux_row_gram(terms.rows() / size, size, dim, terms.counts.data(),
                      addresses(terms.inputs, address(arena)).data(), terms.coefficients.data(), sums.data());
    if (sums.back() != kUntouched) {
      std::printf("written behind the sums\n");
      check::failed() = true;
    }
    sums.pop_back();
    return sums;
  }

  WindowSums window(Arena& arena, int64_t dim, const Window& window) override {
    paraflux_use_isa(isa_);
    const int64_t base = address(arena), rows = window.rows();
    WindowSums sums(rows);
    // Scratch that begins nowhere in particular, is not zero, and has a canary behind it.
    const size_t size = static_cast<size_t>(paraflux_window_scratch(rows, dim));
    std::vector<double> scratch(size + 2, std::numeric_limits<double>::quiet_NaN());
    scratch.back() = kUntouched;
    paraflux_window_residual(rows, dim, window.terms.counts.data(), addresses(window.terms.inputs, base).data(),
                             window.terms.coefficients.data(), addresses(window.x, base).data(), window.parents.data(),
                             window.factors.data(), window.drops.data(), window.drop_factors.data(),
                             addresses(window.residuals, base).data(), addresses(window.maps, base).data(),
                             window.history, addresses(window.olds, base).data(), sums.squares.data(), sums.dots.data(),
                             scratch.data() + 1);
    if (scratch.back() != kUntouched) {
      std::printf("written behind the scratch\n");
      check::failed() = true;
    }
    return sums;
  }

 private:
  static int64_t address(Arena& arena) { return static_cast<int64_t>(reinterpret_cast<uintptr_t>(arena.data())); }

  const char* isa_;
};

std::unique_ptr<Target> chosen;

int run_cpu() {
  int failures = 0;
  for (const char* isa : {"baseline", "avx2", "avx512"}) {
    if (paraflux_use_isa(isa) != 0) {
      std::printf("skipped [%s]: this CPU lacks it\n", isa);
      continue;
    }
    chosen = std::make_unique<Cpu>(isa);
    failures += check::run_all(isa);
  }
  return failures;
}

}  // namespace

Target& target() { return *chosen; }

std::unique_ptr<Target> make_baseline() { return std::make_unique<Cpu>("baseline"); }

int main(int count, char** arguments) {
  if (count > 1 && std::strcmp(arguments[1], "cuda") == 0) {
    chosen = make_cuda();
    return chosen == nullptr ? check::kSkipped : check::run_all("cuda");
  }
  return run_cpu();
}
