// Bandwidth of the CPU kernels, by the bytes that their headers say they must move, and as a ratio to a reference over
// as many bytes in the same run: memcpy for kernels that write, a plain read for the norms. Medians of interleaved
// repetitions; on a noisy machine trust the ratios, not the figures. An argument `rows`, `gram` or `window` measures
// that part alone.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "paraflux/anderson.h"
#include "paraflux/library.h"
#include "paraflux/row_change.h"
#include "paraflux/row_copy.h"
#include "paraflux/row_gram.h"
#include "paraflux/row_norms.h"
#include "paraflux/row_update.h"
#include "paraflux/window_residual.h"

namespace {

constexpr int kRepetitions = 21;
constexpr int kInputs = 3;

struct Size {
  int64_t rows, dim;
};

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

// Seconds of one run; small work is repeated until the clock can see it.
double seconds(const Work& work) {
  const int64_t times = std::max<int64_t>(1, 2'000'000 / work.bytes);
  const auto start = std::chrono::steady_clock::now();
  for (int64_t i = 0; i < times; ++i) {
    work.run();
  }
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() / static_cast<double>(times);
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

void measure_size(const char* isa, Size size) {
  const int64_t row_bytes = size.dim * 4;
  std::vector<float> memory(static_cast<size_t>(size.rows * size.dim * (kInputs + 2)), 0.5F);
  std::vector<int64_t> out, inputs, from, before;
  std::vector<double> coefficients(static_cast<size_t>(size.rows) * PARAFLUX_MAX_TERMS, 0.25),
      sums(coefficients.size());
  const std::vector<int32_t> one(static_cast<size_t>(size.rows), 1), three(one.size(), kInputs);
  const int64_t base = static_cast<int64_t>(reinterpret_cast<uintptr_t>(memory.data()));
  for (int64_t r = 0; r < size.rows; ++r) {
    for (int64_t k = 0; k < PARAFLUX_MAX_TERMS; ++k) {
      inputs.push_back(base + (size.rows * std::min<int64_t>(k, kInputs - 1) + r) * row_bytes);
    }
    from.push_back(base + r * row_bytes);
    out.push_back(base + (size.rows * kInputs + r) * row_bytes);
    before.push_back(base + (size.rows * (kInputs + 1) + r) * row_bytes);
  }
  const auto norms = [&](const std::vector<int32_t>& terms) {
    paraflux_row_norms(size.rows, size.dim, terms.data(), inputs.data(), coefficients.data(), sums.data());
  };
  const int64_t plane = size.rows * row_bytes;
  const Work works[] = {
      {"update 3 terms", plane * 4, true,
       [&] { paraflux_row_update(size.rows, size.dim, out.data(), three.data(), inputs.data(), coefficients.data()); }},
      {"change 3 terms", plane * 5, true,
       [&] {
         paraflux_row_change(size.rows, size.dim, out.data(), three.data(), inputs.data(), coefficients.data(),
                             before.data(), -1, 1, sums.data());
       }},
      {"norms 1 term", plane, false, [&] { norms(one); }},
      {"norms 3 terms", plane * 3, false, [&] { norms(three); }},
      {"copy", plane * 2, true, [&] { paraflux_row_copy(size.rows, size.dim, from.data(), out.data()); }},
  };
  for (const Work& work : works) {
    measure_beside(isa, size, work, memory);
  }
}

// A group of combinations of `inputs` rows of its own: for each combination the inputs of its terms.
struct Shape {
  const char* name;
  int64_t inputs;
  std::vector<std::vector<int64_t>> combinations;
};

const Shape kShapes[] = {
    {"gram 3 DDIM", 6, {{0, 1, 2, 3}, {1, 3}, {4, 5}}},
    {"gram 3 shared", 5, {{0, 1, 2}, {1, 3}, {2, 3, 4}}},
    {"gram 5 latest", 6, {{0, 1}, {1}, {2, 3}, {3}, {4, 5}}},
    {"gram 5 x 8",
     10,
     {{0, 1, 2, 3, 4, 5, 6, 7},
      {2, 3, 4, 5, 6, 7, 8, 9},
      {0, 2, 4, 6, 8, 1, 3, 5},
      {1, 3, 5, 7, 9, 0, 2, 4},
      {9, 8, 7, 6, 5, 4, 3, 2}}},
    {"gram 7 x 1", 7, {{0}, {1}, {2}, {3}, {4}, {5}, {6}}},
};

// Every call takes the next of several sets of groups, so that what it reads has left the caches where all sets
// together do not fit them; the copy likewise.
void measure_gram(const char* isa, int64_t groups, int64_t dim, const Shape& shape, int64_t sets) {
  const int64_t row_bytes = dim * 4, bytes = groups * shape.inputs * row_bytes;
  const size_t size = shape.combinations.size();
  std::vector<float> memory(static_cast<size_t>(sets * bytes / 4), 0.5F);
  const int64_t base = static_cast<int64_t>(reinterpret_cast<uintptr_t>(memory.data()));
  std::vector<int32_t> terms;
  std::vector<int64_t> inputs;
  for (int64_t g = 0; g < sets * groups; ++g) {
    for (const std::vector<int64_t>& combination : shape.combinations) {
      terms.push_back(static_cast<int32_t>(combination.size()));
      for (size_t k = 0; k < PARAFLUX_MAX_TERMS; ++k) {
        const int64_t input = combination[std::min(k, combination.size() - 1)];
        inputs.push_back(base + (g * shape.inputs + input) * row_bytes);
      }
    }
  }
  const std::vector<double> coefficients(inputs.size(), 0.25);
  std::vector<double> sums(static_cast<size_t>(groups) * size * (size + 1) / 2);
  int64_t set = 0;
  const auto gram = [&] {
    const size_t row = static_cast<size_t>(set++ % sets * groups) * size;
    paraflux_row_gram(groups, static_cast<int32_t>(size), dim, &terms[row], &inputs[row * PARAFLUX_MAX_TERMS],
                      &coefficients[row * PARAFLUX_MAX_TERMS], sums.data());
  };
  const auto copy = [&] {
    char* from = reinterpret_cast<char*>(memory.data()) + set++ % sets * bytes;
    std::memcpy(from + bytes / 2, from, static_cast<size_t>(bytes / 2));
  };
  measure(isa, {groups, dim}, {shape.name, bytes, false, gram}, {"memcpy", bytes, true, copy});
}

// ParaTAA's work between two rounds on a chain of DDIM's rows: the residuals alone, and with them the weights and the
// update, which then read every iterate's map and write the rows.
void measure_window(const char* isa, Size size, int32_t history, int32_t order) {
  const int64_t row_bytes = size.dim * 4, plane = size.rows * row_bytes;
  const size_t rows = static_cast<size_t>(size.rows);
  std::vector<float> memory(static_cast<size_t>(size.rows * size.dim * (2 * history + 4)), 0.5F);
  const int64_t base = static_cast<int64_t>(reinterpret_cast<uintptr_t>(memory.data()));
  std::vector<int64_t> inputs(rows * PARAFLUX_MAX_TERMS), olds(rows * PARAFLUX_MAX_HISTORY), iterates(inputs.size());
  std::vector<int64_t> x, residuals, maps;
  std::vector<int32_t> parents, drops, outcomes(rows), plain(rows, 0);
  const std::vector<int32_t> two(rows, 2), counts(rows, history);
  const std::vector<double> coefficients(inputs.size(), 0.5), factors(rows, 0.5), drop_factors(rows, 1e-6);
  std::vector<double> squares(rows), dots(olds.size()), weights(olds.size()), grams(olds.size() * PARAFLUX_MAX_HISTORY),
      terms(inputs.size()), scratch(static_cast<size_t>(paraflux_window_scratch(size.rows, size.dim)));
  for (int64_t i = 0; i < size.rows; ++i) {
    const auto row = [&](int64_t which) { return base + which * plane + i * row_bytes; };
    const size_t term = static_cast<size_t>(i) * PARAFLUX_MAX_TERMS,
                 old = static_cast<size_t>(i) * PARAFLUX_MAX_HISTORY;
    const int64_t before = i == 0 ? 0 : row_bytes;
    inputs[term] = row(0) - before;
    inputs[term + 1] = row(1) - before;
    x.push_back(row(0));
    residuals.push_back(row(2));
    maps.push_back(row(2 + history));
    for (int c = 0; c < history; ++c) {
      olds[old + static_cast<size_t>(c)] = row(2 + c);
      iterates[term + static_cast<size_t>(c)] = row(2 + history + c);
    }
    parents.push_back(static_cast<int32_t>(i) - 1);
    drops.push_back(std::max(-1, static_cast<int32_t>(i) - order));
  }
  const auto window = [&] {
    paraflux_window_residual(size.rows, size.dim, two.data(), inputs.data(), coefficients.data(), x.data(),
                             parents.data(), factors.data(), drops.data(), drop_factors.data(), residuals.data(),
                             maps.data(), history, olds.data(), squares.data(), dots.data(), scratch.data());
  };
  const auto whole = [&] {
    window();
    paraflux_anderson_weights(size.rows, history, counts.data(), dots.data(), grams.data(), plain.data(), 1e-3,
                              weights.data(), outcomes.data());
    for (size_t i = 0; i < rows; ++i) {
      std::copy_n(&weights[i * PARAFLUX_MAX_HISTORY], history, &terms[i * PARAFLUX_MAX_TERMS]);
    }
    paraflux_row_update(size.rows, size.dim, x.data(), counts.data(), iterates.data(), terms.data());
  };
  const std::string sizes = " m=" + std::to_string(history) + " k=" + std::to_string(order);
  measure_beside(isa, size, {"window" + sizes, plane * (history + 3), true, window}, memory);
  measure_beside(isa, size, {"whole" + sizes, plane * (2 * history + 4), true, whole}, memory);
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
            measure_window(isa, size, history, order);
          }
        }
      }
    }
    for (const Size size : {Size{64, 784}, Size{64, 16384}, Size{16, 65536}}) {
      for (const Shape& shape : kShapes) {
        if (part.empty() || part == "gram") {
          measure_gram(isa, size.rows, size.dim, shape, 4);
        }
      }
    }
    for (const Size size : {Size{1, 784}, Size{25, 16384}, Size{100, 16384}, Size{28, 262144}}) {
      if (part.empty() || part == "rows") {
        measure_size(isa, size);
      }
    }
  }
  return 0;
}
