// Bandwidth of the CPU kernels, by the bytes that their headers say they must move, and as a ratio to a reference over
// as many bytes in the same run: memcpy for kernels that write, a plain read for the norms. Medians of interleaved
// repetitions; on a noisy machine trust the ratios, not the figures. An argument `rows`, `gram`, `quantile` or
// `window` measures that part alone.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "paraflux/kernels.h"

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

int64_t address(const void* memory) { return static_cast<int64_t>(reinterpret_cast<uintptr_t>(memory)); }

// Words of a program, one row after the other.
struct Program {
  int64_t rows = 0;
  std::vector<int64_t> words;

  void add(ParafluxRow row, const std::vector<ParafluxTerm>& terms) {
    row.kind |= static_cast<int64_t>(terms.size());
    const size_t at = words.size();
    words.resize(at + PARAFLUX_ROW_WORDS + terms.size() * PARAFLUX_TERM_WORDS);
    std::memcpy(&words[at], &row, sizeof row);
    std::memcpy(&words[at + PARAFLUX_ROW_WORDS], terms.data(), terms.size() * sizeof(ParafluxTerm));
    ++rows;
  }

  void run(int64_t dim, std::vector<double>& sums) const {
    const ParafluxRowProgram call = {rows, dim, words.data(), sums.data(), nullptr};
    paraflux_row_program(&call);
  }
};

// Programs of rows of one shape, each row with rows of its own, and a program of what a round of Heun's steps asks for:
// updates that the next row reads, with the finite check of each.
void measure_size(const char* isa, Size size) {
  const int64_t row_bytes = size.dim * 4;
  std::vector<float> memory(static_cast<size_t>(size.rows * size.dim * (kInputs + 2)), 0.5F);
  const auto place = [&](int64_t plane, int64_t r) {
    return address(memory.data()) + (size.rows * plane + r) * row_bytes;
  };
  const auto program = [&](int64_t kind, int64_t terms) {
    Program made;
    for (int64_t r = 0; r < size.rows; ++r) {
      ParafluxRow row = {kind, place(kInputs, r), place(kInputs + 1, r), -1, 1, place(1, r), place(2, r), -1, 1, 2};
      std::vector<ParafluxTerm> inputs;
      for (int64_t k = 0; k < terms; ++k) {
        inputs.push_back({place(k, r), 0.25});
      }
      made.add(row, inputs);
    }
    return made;
  };
  Program chain;
  for (int64_t r = 0; r < size.rows; ++r) {
    const int64_t before = place(kInputs, r == 0 ? 0 : r - 1);
    chain.add({PARAFLUX_ROW_STORE, place(kInputs, r), 0, 0, 0, 0, 0, 0, 0, 0}, {{before, 0.5}, {place(1, r), 0.25}});
    chain.add({PARAFLUX_ROW_SQUARES, 0, 0, 0, 0, 0, 0, 0, 0, 0}, {{place(kInputs, r), 1}});
  }
  struct Shape {
    const char* name;
    int64_t planes;
    bool writes;
    Program program;
  };
  const Shape shapes[] = {
      {"update 3 terms", 4, true, program(PARAFLUX_ROW_STORE, 3)},
      {"change 3 terms", 5, true, program(PARAFLUX_ROW_STORE | PARAFLUX_ROW_COMPARE, 3)},
      {"norms 1 term", 1, false, program(PARAFLUX_ROW_SQUARES, 1)},
      {"norms 3 terms", 3, false, program(PARAFLUX_ROW_SQUARES, 3)},
      {"copy", 2, true, program(PARAFLUX_ROW_STORE | PARAFLUX_ROW_COPY, 1)},
      {"update, squares", 4, true, program(PARAFLUX_ROW_STORE | PARAFLUX_ROW_SQUARES, 3)},
      {"clamp", 2, true, program(PARAFLUX_ROW_STORE | PARAFLUX_ROW_CLAMP, 1)},
      {"blend", 4, true, program(PARAFLUX_ROW_STORE | PARAFLUX_ROW_BLEND, 1)},
      {"chain, checked", 2, true, chain},
  };
  std::vector<double> sums(static_cast<size_t>(2 * size.rows));
  for (const Shape& shape : shapes) {
    measure_beside(
        isa, size,
        {shape.name, size.rows * row_bytes * shape.planes, shape.writes, [&] { shape.program.run(size.dim, sums); }},
        memory);
  }
}

void measure_quantile(const char* isa, Size size) {
  std::vector<float> memory(static_cast<size_t>(size.rows * size.dim));
  std::vector<ParafluxQuantile> quantiles;
  for (size_t e = 0; e < memory.size(); ++e) {
    memory[e] = static_cast<float>(e * 2654435761U % 65536) * 0x1p-15F - 1;
  }
  for (int64_t r = 0; r < size.rows; ++r) {
    quantiles.push_back({address(&memory[static_cast<size_t>(r * size.dim)]), 0.995});
  }
  std::vector<double> values(quantiles.size());
  const ParafluxRowQuantile call = {size.rows, size.dim, quantiles.data(), values.data()};
  measure_beside(isa, size, {"quantile", size.rows * size.dim * 4, false, [&] { paraflux_row_quantile(&call); }},
                 memory);
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
  const int64_t base = address(memory.data());
  std::vector<ParafluxCombination> rows;
  for (int64_t g = 0; g < sets * groups; ++g) {
    for (const std::vector<int64_t>& combination : shape.combinations) {
      ParafluxCombination row = {static_cast<int64_t>(combination.size()), {}};
      for (size_t k = 0; k < combination.size(); ++k) {
        row.term[k] = {base + (g * shape.inputs + combination[k]) * row_bytes, 0.25};
      }
      rows.push_back(row);
    }
  }
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

// ParaTAA's work between two rounds on a chain of DDIM's rows: the residuals alone, and with them the weights and the
// update, which then read every iterate's map and write the rows.
void measure_window(const char* isa, Size size, int32_t history, int32_t order) {
  const int64_t row_bytes = size.dim * 4, plane = size.rows * row_bytes;
  const size_t rows = static_cast<size_t>(size.rows);
  std::vector<float> memory(static_cast<size_t>(size.rows * size.dim * (2 * history + 4)), 0.5F);
  const int64_t base = address(memory.data());
  std::vector<ParafluxWindowRow> window_rows;
  std::vector<ParafluxRow> updates;
  std::vector<std::vector<ParafluxTerm>> terms(rows);
  const std::vector<int32_t> counts(rows, history), plain(rows, 0);
  std::vector<int32_t> outcomes(rows);
  std::vector<double> squares(rows), dots(rows * PARAFLUX_MAX_HISTORY), weights(dots.size()),
      grams(dots.size() * PARAFLUX_MAX_HISTORY),
      scratch(static_cast<size_t>(paraflux_window_scratch(size.rows, size.dim)));
  for (int64_t i = 0; i < size.rows; ++i) {
    const auto row = [&](int64_t which) { return base + which * plane + i * row_bytes; };
    const int64_t before = i == 0 ? 0 : row_bytes;
    ParafluxWindowRow made = {row(0), row(2), row(2 + history),
                              i - 1,  0.5,    std::max<int64_t>(-1, i - order),
                              1e-6,   {},     {2, {{row(0) - before, 0.5}, {row(1) - before, 0.5}}}};
    for (int c = 0; c < history; ++c) {
      made.olds[c] = row(2 + c);
      terms[static_cast<size_t>(i)].push_back({row(2 + history + c), 0.5});
    }
    window_rows.push_back(made);
    updates.push_back({PARAFLUX_ROW_STORE, row(0), 0, 0, 0, 0, 0, 0, 0, 0});
  }
  const ParafluxWindow whole_window = {size.rows, history, 1e-3, address(grams.data())};
  const ParafluxWindows measured = {1,           size.dim,      &whole_window, window_rows.data(), squares.data(),
                                    dots.data(), scratch.data()};
  const ParafluxWeights weighed = {1,           &whole_window,  counts.data(),  plain.data(),
                                   dots.data(), weights.data(), outcomes.data()};
  const auto window = [&] { paraflux_window_residual(&measured); };
  const auto whole = [&] {
    window();
    paraflux_anderson_weights(&weighed);
    Program program;
    for (size_t i = 0; i < rows; ++i) {
      for (size_t c = 0; c < terms[i].size(); ++c) {
        terms[i][c].coefficient = weights[i * PARAFLUX_MAX_HISTORY + c];
      }
      program.add(updates[i], terms[i]);
    }
    program.run(size.dim, squares);
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
      if (part.empty() || part == "quantile") {
        measure_quantile(isa, size);
      }
    }
  }
  return 0;
}
