// Bandwidth of the CPU kernels, by the bytes that their headers say they must move, and as a ratio to a reference over
// as many bytes in the same run: memcpy for kernels that write, a plain read for the norms. Medians of interleaved
// repetitions; on a noisy machine trust the ratios, not the figures.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <functional>
#include <vector>

#include "paraflux/library.h"
#include "paraflux/row_copy.h"
#include "paraflux/row_norms.h"
#include "paraflux/row_update.h"

namespace {

constexpr int kRepetitions = 21;
constexpr int kInputs = 3;

struct Size {
  int64_t rows, dim;
};

struct Work {
  const char* name;
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
  std::printf("%-9s %-16s %5lld %8lld %9.1f %7.2f %s\n", isa, work.name, static_cast<long long>(size.rows),
              static_cast<long long>(size.dim), median(rates), median(ratios), reference.name);
}

void measure_size(const char* isa, Size size) {
  const int64_t row_bytes = size.dim * 4;
  std::vector<float> memory(static_cast<size_t>(size.rows * size.dim * (kInputs + 1)), 0.5F);
  std::vector<int64_t> out, inputs, from;
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
  }
  const auto norms = [&](const std::vector<int32_t>& terms) {
    paraflux_row_norms(size.rows, size.dim, terms.data(), inputs.data(), coefficients.data(), sums.data());
  };
  const int64_t plane = size.rows * row_bytes;
  const Work works[] = {
      {"update 3 terms", plane * 4, true,
       [&] { paraflux_row_update(size.rows, size.dim, out.data(), three.data(), inputs.data(), coefficients.data()); }},
      {"norms 1 term", plane, false, [&] { norms(one); }},
      {"norms 3 terms", plane * 3, false, [&] { norms(three); }},
      {"copy", plane * 2, true, [&] { paraflux_row_copy(size.rows, size.dim, from.data(), out.data()); }},
  };
  for (const Work& work : works) {
    char* bytes = reinterpret_cast<char*>(memory.data());
    const size_t half = static_cast<size_t>(work.bytes / 2);
    const Work copy = {"memcpy", work.bytes, true, [=] { std::memcpy(bytes + half, bytes, half); }};
    const Work read = {"read", work.bytes, false, [&] { read_all(memory, work.bytes); }};
    measure(isa, size, work, work.writes ? copy : read);
  }
}

}  // namespace

int main() {
  std::printf("%-9s %-16s %5s %8s %9s %7s\n", "isa", "kernel", "rows", "dim", "GB/s", "ratio to");
  for (const char* isa : {"avx512", "avx2", "baseline"}) {
    if (paraflux_use_isa(isa) != 0) {
      continue;
    }
    for (const Size size : {Size{1, 784}, Size{25, 16384}, Size{100, 16384}, Size{28, 262144}}) {
      measure_size(isa, size);
    }
  }
  return 0;
}
