// Gram matrices on the CPU; compiled once per instruction set (isa.h). Tile by tile: the combinations of a tile are
// formed once, and all their products taken while the cache holds them.
#include "paraflux/row_gram.h"

#include "kernel/combination.h"
#include "kernel/gram_order.h"
#include "kernel/isa.h"
#include "kernel/prefetch.h"
#include "kernel/vectors.h"

namespace paraflux::PARAFLUX_ISA_NAMESPACE {
namespace {

constexpr int64_t kTile = 128;
static_assert(kGramChunk % kTile == 0 && kTile % kFloatsInCacheLine == 0, "tiles fill chunks, and cache lines tiles");

// Products of all lanes at once where registers are as wide: groups of seven take a tenth less time so. What loads
// floats stays with the vectors of vectors.h.
#ifdef __AVX512F__
typedef __m512d Products;
inline Products load_products(const double* from) { return _mm512_loadu_pd(from); }
inline void store_products(double* to, Products values) { _mm512_storeu_pd(to, values); }
#else
typedef Doubles Products;
inline Products load_products(const double* from) { return load(from); }
inline void store_products(double* to, Products values) { store(to, values); }
#endif
constexpr int kProducts = sizeof(Products) / sizeof(double);
constexpr int kVectors = kGramLanes / kProducts;  // that hold all lanes

// Rows that a group reads, each once, by their addresses.
struct Inputs {
  static constexpr int kMost = PARAFLUX_MAX_GRAM * PARAFLUX_MAX_TERMS;

  int64_t rows[kMost];
  int count = 0;
  int8_t of_term[kMost];  // which of them a term reads

  void add(int term, int64_t row) {
    int i = 0;
    while (i < count && rows[i] != row) {
      ++i;
    }
    if (i == count) {
      rows[count++] = row;
    }
    of_term[term] = static_cast<int8_t>(i);
  }
};

// What to ask for while a tile is worked on: the tile after it of some inputs.
struct Ahead {
  const int64_t* rows;
  const int64_t* end;
  int64_t element;
};

struct alignas(64) Tile {
  double combinations[PARAFLUX_MAX_GRAM][kTile];
  double inputs[Inputs::kMost][kTile];
};

void widen(int64_t row, int64_t begin, int64_t count, double* values) {
  const float* from = pointer<const float>(row) + begin;
  if (count < kTile) {
    for (int64_t e = 0; e < count; ++e) {
      values[e] = static_cast<double>(from[e]);
    }
    return;
  }
#pragma GCC unroll 4
  for (int64_t e = 0; e < kTile; e += kWidth) {
    store(values + e, load(from + e));
  }
}

// The combination of rows, or of rows that were widened. What the row's end cuts off is zero, and adds nothing to a
// sum.
template <int kTerms, typename Value>
void form(const int64_t* inputs, const double* coefficients, int64_t begin, int64_t count, double* values) {
  const Value* in[kTerms];
  double factors[kTerms];
  for (int k = 0; k < kTerms; ++k) {
    in[k] = pointer<const Value>(inputs[k]) + begin;
    factors[k] = coefficients[k];
  }
  const auto combine = [&](int64_t e, auto read) __attribute__((always_inline)) {
    auto sum = factors[0] * read(in[0] + e);
#pragma GCC unroll 8
    for (int k = 1; k < kTerms; ++k) {
      sum += factors[k] * read(in[k] + e);
    }
    return sum;
  };
  if (count < kTile) {
    for (int64_t e = 0; e < count; ++e) {
      values[e] = combine(e, [](const Value* from) { return static_cast<double>(*from); });
    }
    for (int64_t e = count; e < kTile; ++e) {
      values[e] = 0;
    }
    return;
  }
#pragma GCC unroll 4
  for (int64_t e = 0; e < kTile; e += kWidth) {
    store(values + e, combine(
                          e, [](const Value* from) __attribute__((always_inline)) { return load(from); }));
  }
}

template <typename Value>
constexpr decltype(&form<1, Value>) kForm[PARAFLUX_MAX_TERMS] = {form<1, Value>, form<2, Value>, form<3, Value>,
                                                                 form<4, Value>, form<5, Value>, form<6, Value>,
                                                                 form<7, Value>, form<8, Value>, form<9, Value>};

typedef double Lanes[kGramLanes];  // of a pair

// Adds the products of kRows combinations with themselves and all after them, kColumns in all: the pairs of
// neighbouring rows of the matrix. A column that is read serves all rows, and sums stay in registers; where all lanes
// of them would not fit, lanes take turns.
template <int kRows, int kColumns>
void add_strip(const double* combinations, int64_t lines, const Ahead& next, Lanes* lanes) {
  constexpr int kPairs = kRows * kColumns - kRows * (kRows - 1) / 2;
  constexpr int kAtOnce = kPairs * kVectors <= 12 ? kVectors : 1;
  const int64_t* asked = next.rows;
  for (int first = 0; first < kVectors; first += kAtOnce) {
    Products sums[kPairs][kAtOnce];
    for (int p = 0; p < kPairs; ++p) {
      for (int v = 0; v < kAtOnce; ++v) {
        sums[p][v] = load_products(lanes[p] + (first + v) * kProducts);
      }
    }
    const double* values = combinations + first * kProducts;
    const int64_t* asked_end = asked + (next.end - asked) / ((kVectors - first) / kAtOnce);
#pragma GCC unroll 1
    for (int64_t line = 0; line < lines; ++line) {
#pragma GCC unroll 1
      for (const int64_t* row = asked; row < asked_end; ++row) {
        prefetch(*row, next.element + line * kFloatsInCacheLine);
      }
#pragma GCC unroll 2
      for (int step = 0; step < kFloatsInCacheLine / kGramLanes; ++step) {
#pragma GCC unroll 4
        for (int v = 0; v < kAtOnce; ++v) {
          Products row[kRows];
#pragma GCC unroll 8
          for (int b = 0; b < kColumns; ++b) {
            const Products column = load_products(values + step * kGramLanes + b * kTile + v * kProducts);
            if (b < kRows) {
              row[b] = column;
            }
#pragma GCC unroll 8
            for (int r = 0; r < kRows && r <= b; ++r) {
              sums[r * kColumns - r * (r - 1) / 2 + b - r][v] += row[r] * column;
            }
          }
        }
      }
      values += kFloatsInCacheLine;
    }
    asked = asked_end;
    for (int p = 0; p < kPairs; ++p) {
      for (int v = 0; v < kAtOnce; ++v) {
        store_products(lanes[p] + (first + v) * kProducts, sums[p][v]);
      }
    }
  }
}

// Rows of the strip that begins a matrix of so many columns: as many as 16 registers hold the sums of.
constexpr int strip_rows(int columns) { return columns <= 3 ? columns : 2; }

template <int kColumns>
constexpr decltype(&add_strip<1, 1>) kStrip = add_strip<strip_rows(kColumns), kColumns>;
constexpr decltype(&add_strip<1, 1>) kAddStrip[PARAFLUX_MAX_GRAM] = {kStrip<1>, kStrip<2>, kStrip<3>, kStrip<4>,
                                                                     kStrip<5>, kStrip<6>, kStrip<7>};

double fold(double* lanes) {
  for (int half = kGramLanes / 2; half > 0; half /= 2) {
    for (int l = 0; l < half; ++l) {
      lanes[l] += lanes[l + half];
    }
  }
  return lanes[0];
}

// A group's combinations, ready to walk.
struct Group {
  int size;
  int terms[PARAFLUX_MAX_GRAM];
  double coefficients[PARAFLUX_MAX_GRAM * PARAFLUX_MAX_TERMS];
  Inputs inputs;
  bool widens;                                                // whether terms read widened rows, or the rows themselves
  int64_t addresses[PARAFLUX_MAX_GRAM * PARAFLUX_MAX_TERMS];  // of what they read

  void fill(int group_size, const ParafluxCombination* rows, Tile& tile) {
    size = group_size;
    inputs.count = 0;
    int all = 0;
    for (int a = 0; a < size; ++a) {
      terms[a] = static_cast<int>(rows[a].terms);
      for (int k = 0; k < terms[a]; ++k) {
        const int term = a * PARAFLUX_MAX_TERMS + k;
        addresses[term] = rows[a].term[k].input;
        coefficients[term] = rows[a].term[k].coefficient;
        inputs.add(term, addresses[term]);
      }
      all += terms[a];
    }
    // A conversion takes the CPU as long as a product and an addition. Five combinations of eight terms on ten rows
    // take a quarter less time with rows widened once; where few are shared, what widening stores costs more than it
    // saves.
    widens = all >= 2 * inputs.count;
    if (widens) {
      for (int a = 0; a < size; ++a) {
        for (int k = 0; k < terms[a]; ++k) {
          const int term = a * PARAFLUX_MAX_TERMS + k;
          addresses[term] = address(tile.inputs[inputs.of_term[term]]);
        }
      }
    }
  }

  void form_combinations(int64_t begin, int64_t count, Tile& tile) const {
    if (widens) {
      for (int i = 0; i < inputs.count; ++i) {
        widen(inputs.rows[i], begin, count, tile.inputs[i]);
      }
    }
    for (int a = 0; a < size; ++a) {
      const int first = a * PARAFLUX_MAX_TERMS;
      double* values = tile.combinations[a];
      if (widens) {
        kForm<double>[terms[a] - 1](addresses + first, coefficients + first, 0, count, values);
      } else {
        kForm<float>[terms[a] - 1](addresses + first, coefficients + first, begin, count, values);
      }
    }
  }
};

// Adds a tile's products. Rows lie far apart, so the hardware does not foresee the next tile: strips ask for it, line
// by line while they multiply. All asked for at once, the lines wait for each other, and groups of three from memory
// took a third longer.
void add_products(const Tile& tile, int size, int64_t lines, Ahead next, Lanes* lanes) {
  const int64_t* const end = next.end;
  for (int a = 0, rows; a < size; a += rows) {
    rows = strip_rows(size - a);
    next.end = next.rows + (end - next.rows) * rows / (size - a);
    kAddStrip[size - a - 1](tile.combinations[a], lines, next, lanes);
    next.rows = next.end;
    lanes += rows * (size - a) - rows * (rows - 1) / 2;
  }
}

}  // namespace

int row_gram(const ParafluxRowGram* call) {
  const int64_t groups = call->groups, dim = call->dim;
  const int size = static_cast<int>(call->size);
  Tile tile;
  Group walked[2];
  const auto fill = [&](int64_t g) {
    if (g < groups) {
      walked[g % 2].fill(size, call->rows + g * size, tile);
    }
  };
  fill(0);
  for (int64_t g = 0; g < groups; ++g) {
    fill(g + 1);
    const Group& group = walked[g % 2];
    double* group_sums = call->sums + g * gram_pairs(size);
    for (int p = 0; p < gram_pairs(size); ++p) {
      group_sums[p] = 0;
    }
    for (int64_t chunk = 0; chunk < dim; chunk += kGramChunk) {
      Lanes lanes[gram_pairs(PARAFLUX_MAX_GRAM)] = {};
      for (int64_t begin = chunk; begin < dim && begin < chunk + kGramChunk; begin += kTile) {
        const int64_t count = dim - begin < kTile ? dim - begin : kTile;
        const bool last = begin + kTile >= dim;
        const Inputs& ahead = walked[last && g + 1 < groups ? (g + 1) % 2 : g % 2].inputs;
        group.form_combinations(begin, count, tile);
        add_products(tile, size, (count + kFloatsInCacheLine - 1) / kFloatsInCacheLine,
                     {ahead.rows, ahead.rows + ahead.count, last ? 0 : begin + kTile}, lanes);
      }
      for (int p = 0; p < gram_pairs(size); ++p) {
        group_sums[p] += fold(lanes[p]);
      }
    }
  }
  return 0;
}

}  // namespace paraflux::PARAFLUX_ISA_NAMESPACE
