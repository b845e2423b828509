// Bandwidth of the CPU kernels, by the bytes that their headers say they must move, and as a ratio to a reference over
// as many bytes in the same run: memcpy for kernels that write, a plain read for the norms. Medians of interleaved
// repetitions; on a noisy machine trust the ratios, not the figures. An argument `rows`, `gram`, `quantile`,
// `window` or `sparse` measures that part alone.
#include <time.h>

#include <cstdio>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "bench/shapes.h"

namespace {

constexpr int kRepetitions = 21;

struct Work {
  std::string name;
  int64_t bytes;
  bool writes;
  std::function<void()> run;
};

const void* volatile keep;

// The fastest read that libc has: a search for a byte that is not there (the memory holds 0.5F).
void read_all(const std::vector<float>& memory, int64_t bytes) {
  keep = std::memchr(memory.data(), 0xAB, static_cast<size_t>(bytes));
}

// The time that this thread has had a core: on a busy machine, what runs longer also waits more often for one.
double now() {
  timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// Seconds of one run; small work is repeated until the clock can see it.
double seconds(const Work& work) {
  const int64_t times = std::max<int64_t>(1, 2'000'000 / work.bytes);
  const double start = now();
  for (int64_t i = 0; i < times; ++i) {
    work.run();
  }
  return (now() - start) / static_cast<double>(times);
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + kRepetitions / 2, values.end());
  return values[kRepetitions / 2];
}

void measure(const char* isa, Size size, const Work& work, const Work& reference) {
  std::vector<double> rates, ratios;
  for (int repetition = 0; repetition < kRepetitions; ++repetition) {
    const double theirs = seconds(reference);
    const double ours = seconds(work);
    rates.push_back(static_cast<double>(work.bytes) / ours / 1e9);
    ratios.push_back(theirs / ours);
  }
  std::printf("%-9s %-18s %5lld %8lld %9.1f %7.2f %s\n", isa, work.name.c_str(), static_cast<long long>(size.rows),
              static_cast<long long>(size.dim), median(rates), median(ratios), reference.name.c_str());
}

// The memory holds as many bytes as the work moves, at least.
void measure_beside(const char* isa, Size size, const Work& work, std::vector<float>& memory) {
  char* bytes = reinterpret_cast<char*>(memory.data());
  const size_t half = static_cast<size_t>(work.bytes / 2);
  const Work copy = {"memcpy", work.bytes, true, [=] { std::memcpy(bytes + half, bytes, half); }};
  const Work read = {"read", work.bytes, false, [&] { read_all(memory, work.bytes); }};
  measure(isa, size, work, work.writes ? copy : read);
}

void run(const Program& program, int64_t dim, std::vector<double>& sums) {
  const ParafluxRowProgram call = {program.rows, dim, program.words.data(), sums.data(), nullptr};
  paraflux_row_program(&call);
}

void measure_rows(const char* isa, Size size) {
  std::vector<float> memory(static_cast<size_t>(size.rows * size.dim * kRowPlanes), 0.5F);
  std::vector<double> sums(static_cast<size_t>(2 * size.rows));
  for (const RowShape& shape : row_shapes(size, address(memory.data()))) {
    measure_beside(
        isa, size,
        {shape.name, size.plane_bytes() * shape.planes, shape.writes, [&] { run(shape.program, size.dim, sums); }},
        memory);
  }
}

void measure_quantile(const char* isa, Size size) {
  std::vector<float> memory(static_cast<size_t>(size.rows * size.dim));
  for (size_t e = 0; e < memory.size(); ++e) {
    memory[e] = spread(e);
  }
  const std::vector<ParafluxQuantile> asked = quantiles(size, address(memory.data()));
  std::vector<double> values(asked.size());
  const ParafluxRowQuantile call = {size.rows, size.dim, asked.data(), values.data()};
  measure_beside(isa, size, {"quantile", size.plane_bytes(), false, [&] { paraflux_row_quantile(&call); }}, memory);
}

// Every call takes the next of several sets of groups, so that what it reads has left the caches where all sets
// together do not fit them; the copy likewise.
void measure_gram(const char* isa, int64_t groups, int64_t dim, const GramShape& shape, int64_t sets) {
  const int64_t bytes = groups * shape.inputs * dim * 4;
  const size_t size = shape.combinations.size();
  std::vector<float> memory(static_cast<size_t>(sets * bytes / 4), 0.5F);
  const std::vector<ParafluxCombination> rows = gram_rows(shape, sets * groups, dim, address(memory.data()));
  std::vector<double> sums(static_cast<size_t>(groups) * size * (size + 1) / 2);
  int64_t set = 0;
  const auto gram = [&] {
    const ParafluxRowGram call = {
        groups,      dim,    static_cast<int64_t>(size), &rows[static_cast<size_t>(set++ % sets * groups) * size],
        sums.data(), nullptr};
    paraflux_row_gram(&call);
  };
  const auto copy = [&] {
    char* from = reinterpret_cast<char*>(memory.data()) + set++ % sets * bytes;
    std::memcpy(from + bytes / 2, from, static_cast<size_t>(bytes / 2));
  };
  measure(isa, {groups, dim}, {shape.name, bytes, false, gram}, {"memcpy", bytes, true, copy});
}

// The residuals alone, and with them the weights and the update.
void measure_window(const char* isa, Size size, int32_t history, int32_t order, int32_t apart) {
  const size_t rows = static_cast<size_t>(size.rows);
  std::vector<float> memory(static_cast<size_t>(size.rows * size.dim * WindowShape::planes_of(history)), 0.5F);
  WindowShape shape(size, history, order, apart, address(memory.data()));
  const std::vector<int32_t> counts(rows, history), plain(rows, 0);
  std::vector<int32_t> outcomes(rows);
  std::vector<double> squares(rows), dots(rows * PARAFLUX_MAX_HISTORY), weights(dots.size()),
      grams(dots.size() * PARAFLUX_MAX_HISTORY), increments(2 * rows),
      scratch(static_cast<size_t>(paraflux_window_scratch(size.rows, size.rows)));
  shape.window.grams = address(grams.data());
  const ParafluxWindows measured = {
      1,           size.dim,          &shape.window, shape.window_rows.data(), shape.estimates.data(), squares.data(),
      dots.data(), increments.data(), scratch.data()};
  const ParafluxWeights weighed = {1,           &shape.window,  counts.data(),  plain.data(),
                                   dots.data(), weights.data(), outcomes.data()};
  const auto window = [&] { paraflux_window_residual(&measured); };
  const auto whole = [&] {
    window();
    paraflux_anderson_weights(&weighed);
    for (size_t i = 0; i < rows; ++i) {
      for (size_t c = 0; c < shape.terms[i].size(); ++c) {
        shape.terms[i][c].coefficient = weights[i * PARAFLUX_MAX_HISTORY + c];
      }
    }
    run(shape.update(), size.dim, squares);
  };
  const std::string sizes = WindowShape::sizes(history, order, apart);
  const int64_t update_bytes = size.plane_bytes() * (history + 1);
  measure_beside(isa, size, {"window" + sizes, shape.window_bytes, true, window}, memory);
  measure_beside(isa, size, {"whole" + sizes, shape.window_bytes + update_bytes, true, whole}, memory);
}

}  // namespace

int main(int count, char** arguments) {
  const std::string part = count > 1 ? arguments[1] : "";
  std::printf("%-9s %-18s %5s %8s %9s %7s\n", "isa", "kernel", "rows", "dim", "GB/s", "ratio to");
  for (const char* isa : {"avx512", "avx2", "baseline"}) {
    if (paraflux_use_isa(isa) != 0) {
      continue;
    }
    for (const Size size : {Size{25, 16384}, Size{100, 16384}, Size{28, 262144}}) {
      for (const int32_t history : {2, 3, 4, 8}) {
        for (const int32_t order : {20, 100}) {
          if ((part.empty() || part == "window") && order < 2 * size.rows) {
            measure_window(isa, size, history, order, 0);
          }
        }
      }
    }
    for (const Size size : {Size{100, 16384}, Size{1000, 784}}) {
      for (const int32_t apart : {0, 1, 2, 4, 12}) {
        if (part.empty() || part == "sparse") {
          measure_window(isa, size, 3, static_cast<int32_t>(size.rows), apart);
        }
      }
    }
    for (const Size size : {Size{64, 784}, Size{64, 16384}, Size{16, 65536}}) {
      for (const GramShape& shape : gram_shapes()) {
        if (part.empty() || part == "gram") {
          measure_gram(isa, size.rows, size.dim, shape, 4);
        }
      }
    }
    for (const Size size : {Size{1, 784}, Size{25, 16384}, Size{100, 16384}, Size{28, 262144}}) {
      if (part.empty() || part == "rows") {
        measure_rows(isa, size);
      }
      if (part.empty() || part == "quantile") {
        measure_quantile(isa, size);
      }
    }
  }
  return 0;
}
