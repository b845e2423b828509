// What both benchmarks measure: programs, groups and windows of rows that lie in planes behind a base address. A plane
// holds a row of dim floats for every row of the shape.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "paraflux/kernels.h"

struct Size {
  int64_t rows, dim;

  int64_t row_bytes() const { return dim * static_cast<int64_t>(sizeof(float)); }
  int64_t plane_bytes() const { return rows * row_bytes(); }
};

inline int64_t address(const void* memory) { return static_cast<int64_t>(reinterpret_cast<uintptr_t>(memory)); }

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
};

// A program, and the planes that must move.
struct RowShape {
  const char* name;
  int64_t planes;
  bool writes;
  Program program;
};

constexpr int64_t kInputs = 3;
constexpr int64_t kRowPlanes = kInputs + 2;

// Programs of rows of one shape, each row with rows of its own, and a program of what a round of Heun's steps asks for:
// updates that the next row reads, with the finite check of each.
inline std::vector<RowShape> row_shapes(Size size, int64_t base) {
  const auto place = [&](int64_t plane, int64_t r) { return base + (size.rows * plane + r) * size.row_bytes(); };
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
  return {
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
}

inline std::vector<ParafluxQuantile> quantiles(Size size, int64_t base) {
  std::vector<ParafluxQuantile> made;
  for (int64_t r = 0; r < size.rows; ++r) {
    made.push_back({base + r * size.row_bytes(), 0.995});
  }
  return made;
}

// Magnitudes that lie all over their range.
inline float spread(size_t e) { return static_cast<float>(e * 2654435761U % 65536) * 0x1p-15F - 1; }

// A group of combinations of `inputs` rows of its own: for each combination the inputs of its terms.
struct GramShape {
  const char* name;
  int64_t inputs;
  std::vector<std::vector<int64_t>> combinations;
};

inline const std::vector<GramShape>& gram_shapes() {
  static const std::vector<GramShape> shapes = {
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
  return shapes;
}

// The combinations of so many groups, group by group; a group's inputs lie one after the other.
inline std::vector<ParafluxCombination> gram_rows(const GramShape& shape, int64_t groups, int64_t dim, int64_t base) {
  const int64_t row_bytes = dim * static_cast<int64_t>(sizeof(float));
  std::vector<ParafluxCombination> rows;
  for (int64_t g = 0; g < groups; ++g) {
    for (const std::vector<int64_t>& combination : shape.combinations) {
      ParafluxCombination row = {static_cast<int64_t>(combination.size()), {}};
      for (size_t k = 0; k < combination.size(); ++k) {
        row.term[k] = {base + (g * shape.inputs + combination[k]) * row_bytes, 0.25};
      }
      rows.push_back(row);
    }
  }
  return rows;
}

// ParaTAA's work between two rounds on a chain of DDIM's rows: the residuals, and the update, which reads every
// iterate's map and writes the rows. In sparse rounds the model is asked each so many rows, and estimates lie between.
struct WindowShape {
  int64_t rows;
  int64_t planes;  // that it lies in
  ParafluxWindow window;
  std::vector<ParafluxWindowRow> window_rows;
  std::vector<ParafluxEstimate> estimates;
  std::vector<ParafluxRow> updates;
  std::vector<std::vector<ParafluxTerm>> terms;  // of the updates

  int64_t window_bytes;  // that the window moves

  static int64_t planes_of(int64_t history) { return 2 * history + 6; }

  // With `apart` 0 the model is asked at every row.
  WindowShape(Size size, int64_t history, int64_t order, int64_t apart, int64_t base)
      : rows(size.rows),
        planes(planes_of(history)),
        window({size.rows, history, 1e-3, 0, apart == 0 ? 0 : size.rows}),
        window_bytes(size.plane_bytes() * (history + 3)) {
    for (int64_t i = 0; i < size.rows; ++i) {
      const auto row = [&](int64_t which) { return base + which * size.plane_bytes() + i * size.row_bytes(); };
      const int64_t before = i == 0 ? 0 : size.row_bytes();
      ParafluxWindowRow made = {row(0), row(2), row(2 + history),
                                i - 1,  0.5,    std::max<int64_t>(-1, i - order),
                                1e-6,   {},     {2, {{row(0) - before, 0.5}, {row(1) - before, 0.5}}}};
      terms.emplace_back();
      for (int64_t c = 0; c < history; ++c) {
        made.olds[c] = row(2 + c);
        terms.back().push_back({row(2 + history + c), 0.5});
      }
      if (apart > 0) {
        const bool is_node = i % apart == 0 || i == size.rows - 1;
        const int64_t x0 = row(2 + 2 * history);
        estimates.push_back({row(0) - before, x0, x0, is_node ? row(1) - before : 0, 0.5, 0.5, 0.5});
        made.right.term[1].input = -1 - i;
        window_bytes += size.row_bytes() * (is_node ? 2 : 1);
      }
      window_rows.push_back(made);
      updates.push_back({PARAFLUX_ROW_STORE, row(0), 0, 0, 0, 0, 0, 0, 0, 0});
    }
  }

  Program update() const {
    Program program;
    for (size_t i = 0; i < updates.size(); ++i) {
      program.add(updates[i], terms[i]);
    }
    return program;
  }

  static std::string sizes(int64_t history, int64_t order, int64_t apart) {
    return " m=" + std::to_string(history) + " k=" + std::to_string(order) +
           (apart == 0 ? "" : " 1/" + std::to_string(apart));
  }
};
