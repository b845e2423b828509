// Runs this program's tests: with "cpu" on every instruction set that this CPU has, with "cuda" on the first device;
// with a second argument "quick", of fewer sizes.
#include <cstring>
#include <limits>

#include "paraflux/library.h"
#include "test/cases.h"
#include "test/check.h"
#include "test/target.h"

namespace {

constexpr double kCanary = 777;

// Doubles with a canary behind them.
class Guarded {
 public:
  Guarded(size_t count, double value) : values_(count + 1, value) { values_.back() = kCanary; }

  double* data() { return values_.data(); }

  std::vector<double> taken(const char* what) {
    if (values_.back() != kCanary) {
      std::printf("written behind %s\n", what);
      check::failed() = true;
    }
    values_.pop_back();
    return std::move(values_);
  }

 private:
  std::vector<double> values_;
};

class Cpu : public Target {
 public:
  explicit Cpu(const char* isa) : isa_(isa) {}

  std::vector<double> run(Arena& arena, int64_t dim, const Program& program) override {
    paraflux_use_isa(isa_);
    const std::vector<int64_t> words = words_of(program, address(arena));
    const int64_t rows = static_cast<int64_t>(program.size());
    Guarded sums(program.size(), kUntouched);
    // Scratch lets a call use several threads; there is none to use unless a test says so.
    Guarded scratch(static_cast<size_t>(paraflux_row_program_scratch(rows, dim)), kUntouched);
    const ParafluxRowProgram call = {rows, dim, words.data(), sums.data(),
                                     paraflux_row_threads() > 1 ? scratch.data() : nullptr};
    paraflux_row_program(&call);
    scratch.taken("the scratch");
    return sums.taken("the sums");
  }

  std::vector<double> gram(Arena& arena, int64_t dim, const Terms& terms, int32_t size) override {
    paraflux_use_isa(isa_);
    const std::vector<ParafluxCombination> rows = combinations_of(terms, address(arena));
    Guarded sums(static_cast<size_t>(terms.rows() * (size + 1) / 2), kUntouched);
    const ParafluxRowGram call = {terms.rows() / size, dim, size, rows.data(), sums.data(), nullptr};
    paraflux_row_gram(&call);
    return sums.taken("the sums");
  }

  std::vector<double> quantiles(Arena& arena, int64_t dim, const std::vector<Quantile>& quantiles) override {
    paraflux_use_isa(isa_);
    const std::vector<ParafluxQuantile> asked = quantiles_of(quantiles, address(arena));
    Guarded values(quantiles.size(), kUntouched);
    const ParafluxRowQuantile call = {static_cast<int64_t>(asked.size()), dim, asked.data(), values.data()};
    paraflux_row_quantile(&call);
    return values.taken("the quantiles");
  }

  WindowSums windows(Arena& arena, int64_t dim, const std::vector<Window>& windows) override {
    paraflux_use_isa(isa_);
    const WindowTables tables = tables_of(windows, address(arena));
    WindowSums sums = tables.sums();
    // Scratch that begins nowhere in particular, is not zero, and has a canary behind it.
    Guarded scratch(static_cast<size_t>(paraflux_window_scratch(tables.longest, tables.most_estimates)) + 1,
                    std::numeric_limits<double>::quiet_NaN());
    const ParafluxWindows call = {static_cast<int64_t>(windows.size()),
                                  dim,
                                  tables.windows.data(),
                                  tables.rows.data(),
                                  tables.estimates.data(),
                                  sums.squares.data(),
                                  sums.dots.data(),
                                  sums.increments.data(),
                                  scratch.data() + 1};
    paraflux_window_residual(&call);
    scratch.taken("the scratch");
    return sums;
  }

 private:
  static int64_t address(Arena& arena) { return static_cast<int64_t>(reinterpret_cast<uintptr_t>(arena.data())); }

  const char* isa_;
};

std::unique_ptr<Target> chosen;
bool few_sizes = false;

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

bool quick() { return few_sizes; }

std::unique_ptr<Target> make_baseline() { return std::make_unique<Cpu>("baseline"); }

int main(int count, char** arguments) {
  few_sizes = count > 2 && std::strcmp(arguments[2], "quick") == 0;
  if (count > 1 && std::strcmp(arguments[1], "cuda") == 0) {
    chosen = make_cuda();
    const int failures = chosen == nullptr ? check::kSkipped : check::run_all("cuda");
    chosen.reset();  // while there is a CUDA to give it back to
    return failures;
  }
  return run_cpu();
}
