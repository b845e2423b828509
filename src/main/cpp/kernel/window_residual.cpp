// Residuals of a window on the CPU; compiled once per instruction set (isa.h). Tile by tile, and in a tile row by row:
// what the rows ask of each other stays in the cache.
#include "paraflux/window_residual.h"

#include "kernel/estimate_tile.h"
#include "kernel/isa.h"
#include "kernel/prefetch.h"
#include "kernel/window_lanes.h"
#include "kernel/window_plan.h"
#include "kernel/window_tile.h"

namespace paraflux::PARAFLUX_ISA_NAMESPACE {
namespace {

// Of the vectors that hold all lanes, so many are summed at once. All of them walk the tile straight through, which
// memory likes best; where that would not nearly fit the registers, they take turns.
constexpr int kGroup = kWidth >= 4 ? kVectors : 2;
constexpr int kGroupElements = kGroup * kWidth;

// Rows lie far apart, so the hardware does not foresee the next one: its tile is asked for while the present one is
// worked on. On rows that come from memory the kernel took 1.6 times as long without it. Outputs too: a store that
// finds its line in the cache took a fifth off. How far ahead, in elements: a whole tile ahead, lines fall out of a
// cache again before their use when rows lie a power of two apart, and so compete for the same places.
constexpr int kAhead = 192;
static_assert(kAhead % kWindowLanes == 0, "a step asks for lines of one tile");

// What the tile's row gets from earlier rows and leaves to later ones; r is left only if one asks for it.
struct Links {
  const double* parent;
  double factor;
  const double* drop;
  double drop_factor;
  double* first_order;
  double* unrolled;
};

struct Sums {
  double squares;
  double dot;
};

// What to ask for in a step of the walk through a tile: lines of this tile or the next, from element `begin` on.
struct Ahead {
  const Tile& tile;
  int begin;

  Ahead(const Tile& present, const Tile& next, int walked)
      : tile(walked + kAhead < kWindowTile ? present : next), begin((walked + kAhead) % PARAFLUX_WINDOW_TILE) {}

  // A step may be shorter than a line: then only every so many of them asks.
  bool asks() const { return begin % kFloatsInCacheLine == 0; }
};

// r, R and G of a tile, with the sums of r^2 and R^2.
template <bool kParent, bool kDrop, int kTerms>
Sums residual_tile(const Tile& tile, const ParafluxTerm* terms, const Links& links, const Tile& next) {
  const float* inputs[kTerms];
  double factors[kTerms];
  for (int k = 0; k < kTerms; ++k) {
    inputs[k] = pointer<const float>(tile.inputs[k]);
    factors[k] = terms[k].coefficient;
  }
  const float* x = pointer<const float>(tile.x);
  float* residual = pointer<float>(tile.residual);
  float* map = pointer<float>(tile.map);
  const Links to = links;
  Doubles squares[kVectors], dots[kVectors];
  for (int group = 0; group < kVectors; group += kGroup) {
    Doubles square[kGroup] = {}, dot[kGroup] = {};
#pragma GCC unroll 1  // more steps at once spill registers
    for (int step = 0; step < tile.steps; ++step) {
      const Ahead ahead(tile, next, (group / kGroup * kSteps + step) * kGroupElements);
      for (int e = ahead.begin; ahead.asks() && e < ahead.begin + kGroupElements; e += kFloatsInCacheLine) {
        for (int k = 0; k < kTerms; ++k) {
          prefetch(ahead.tile.inputs[k], e);
        }
        prefetch(ahead.tile.x, e);
        prefetch(ahead.tile.residual, e);
        prefetch(ahead.tile.map, e);
      }
#pragma GCC unroll 8
      for (int v = 0; v < kGroup; ++v) {
        const int64_t e = step * kWindowLanes + (group + v) * kWidth;
        Doubles right = factors[0] * load(inputs[0] + e);
#pragma GCC unroll 8
        for (int k = 1; k < kTerms; ++k) {
          right += factors[k] * load(inputs[k] + e);
        }
        const Doubles r = right - load(x + e);
        Doubles unrolled = r, mapped = right;
        if constexpr (kParent || kDrop) {
          Doubles brought;
          if constexpr (kParent && kDrop) {
            brought = to.factor * load(to.parent + e) - to.drop_factor * load(to.drop + e);
          } else if constexpr (kParent) {
            brought = to.factor * load(to.parent + e);
          } else {
            brought = -(to.drop_factor * load(to.drop + e));
          }
          unrolled = r + brought;
          mapped = right + brought;
        }
        if (to.first_order != nullptr) {
          store(to.first_order + e, r);
        }
        store(to.unrolled + e, unrolled);
        const Floats stored = rounded(unrolled);
        store(residual + e, stored);
        store(map + e, rounded(mapped));
        square[v] += r * r;
        dot[v] += widened(stored) * widened(stored);
      }
    }
    for (int v = 0; v < kGroup; ++v) {
      squares[group + v] = square[v];
      dots[group + v] = dot[v];
    }
  }
  return {fold(squares), fold(dots)};
}

using ResidualTile = decltype(&residual_tile<false, false, 1>);

template <bool kParent, bool kDrop>
ResidualTile residual_tile_of(int terms) {
  constexpr ResidualTile kByTerms[PARAFLUX_MAX_TERMS] = {
      residual_tile<kParent, kDrop, 1>, residual_tile<kParent, kDrop, 2>, residual_tile<kParent, kDrop, 3>,
      residual_tile<kParent, kDrop, 4>, residual_tile<kParent, kDrop, 5>, residual_tile<kParent, kDrop, 6>,
      residual_tile<kParent, kDrop, 7>, residual_tile<kParent, kDrop, 8>, residual_tile<kParent, kDrop, 9>};
  return kByTerms[terms - 1];
}

ResidualTile residual_tile_of(int terms, const Links& links) {
  if (links.parent != nullptr) {
    return links.drop != nullptr ? residual_tile_of<true, true>(terms) : residual_tile_of<true, false>(terms);
  }
  return links.drop != nullptr ? residual_tile_of<false, true>(terms) : residual_tile_of<false, false>(terms);
}

// Adds to the row's dots those with the tile's olds `first` and on.
template <int kOlds>
void add_old_dots(const Tile& tile, int first, const Tile& next, double* row_dots) {
  const float* residual = pointer<const float>(tile.residual);
  const float* olds[kOlds];
  for (int k = 0; k < kOlds; ++k) {
    olds[k] = pointer<const float>(tile.olds[first + k]);
  }
  Doubles dots[kOlds][kVectors];
  for (int group = 0; group < kVectors; group += kGroup) {
    Doubles dot[kOlds][kGroup] = {};
#pragma GCC unroll 1  // more steps at once spill registers
    for (int step = 0; step < tile.steps; ++step) {
      const Ahead ahead(tile, next, (group / kGroup * kSteps + step) * kGroupElements);
      for (int e = ahead.begin; ahead.asks() && e < ahead.begin + kGroupElements; e += kFloatsInCacheLine) {
        for (int k = 0; k < kOlds; ++k) {
          prefetch(ahead.tile.olds[first + k], e);
        }
      }
#pragma GCC unroll 8
      for (int v = 0; v < kGroup; ++v) {
        const int64_t e = step * kWindowLanes + (group + v) * kWidth;
        const Doubles mine = load(residual + e);
#pragma GCC unroll 2
        for (int k = 0; k < kOlds; ++k) {
          dot[k][v] += mine * load(olds[k] + e);
        }
      }
    }
    for (int k = 0; k < kOlds; ++k) {
      for (int v = 0; v < kGroup; ++v) {
        dots[k][group + v] = dot[k][v];
      }
    }
  }
  for (int k = 0; k < kOlds; ++k) {
    row_dots[tile.columns[first + k]] += fold(dots[k]);
  }
}

// Of a call, what one window has.
struct Piece {
  int64_t rows, history, estimates;
  const ParafluxWindowRow* window;
  const ParafluxEstimate* estimated;
  double *squares, *dots, *increments;
};

void measure(const Piece& piece, int64_t dim, double* scratch) {
  const int64_t rows = piece.rows, history = piece.history;
  const ParafluxWindowRow* window = piece.window;
  float sink[kWindowTile];
  const WindowPlan plan(rows, window, scratch);
  const EstimatePlan estimate_plan(piece.estimates == 0 ? 0 : rows, window, piece.estimates, piece.estimated,
                                   scratch + window_scratch(rows));
  EstimateWalk estimates(piece.estimates, piece.estimated, estimate_plan, piece.increments);
  for (int64_t i = 0; i < rows; ++i) {
    piece.squares[i] = 0;
    for (int c = 0; c < history; ++c) {
      piece.dots[i * PARAFLUX_MAX_HISTORY + c] = 0;
    }
  }
  const auto tile_at = [&](int64_t i, int64_t begin) {
    return tile_of(window[i], history, begin, address(sink), estimates);
  };
  const auto run = [&](int64_t i, const Tile& tile, const Tile& next) {
    const ParafluxWindowRow& row = window[i];
    const Links links = {row.parent < 0 ? nullptr : plan.unrolled(row.parent),
                         row.factor,
                         row.drop < 0 ? nullptr : plan.first_order(row.drop),
                         row.drop_factor,
                         plan.first_order_is_asked_for(i) ? plan.first_order(i) : nullptr,
                         plan.unrolled(i)};
    const Sums sums = residual_tile_of(static_cast<int>(row.right.terms), links)(tile, row.right.term, links, next);
    piece.squares[i] += sums.squares;
    double* row_dots = piece.dots + i * PARAFLUX_MAX_HISTORY;
    if (history > 0) {
      row_dots[0] += sums.dot;
    }
    int old = 0;
    for (; old + 2 <= tile.old_count; old += 2) {
      add_old_dots<2>(tile, old, next, row_dots);
    }
    if (old < tile.old_count) {
      add_old_dots<1>(tile, old, next, row_dots);
    }
  };
  const auto make_estimates = [&](int64_t i) {
    if (piece.estimates > 0) {
      estimates.make(estimate_plan.needed(i));
    }
  };
  int64_t begin = 0;
  Tile next = tile_at(0, 0);
  for (; begin + kWindowTile <= dim; begin += kWindowTile) {
    estimates.begin(begin, kWindowTile);
    for (int64_t i = 0; i < rows; ++i) {
      make_estimates(i);
      const Tile tile = next;
      next = i + 1 < rows ? tile_at(i + 1, begin) : tile_at(0, begin + kWindowTile);
      run(i, tile, next);
    }
    estimates.make(piece.estimates);
  }
  if (begin < dim) {
    PaddedTile padded;
    const size_t bytes = static_cast<size_t>(dim - begin) * sizeof(float);
    estimates.begin(begin, dim - begin);
    for (int64_t i = 0; i < rows; ++i) {
      make_estimates(i);
      const Tile tile = tile_at(i, begin);
      const Tile filled = padded.filled(tile, static_cast<int>(window[i].right.terms), bytes);
      run(i, filled, filled);
      padded.empty_into(tile, bytes);
    }
    estimates.make(piece.estimates);
  }
}

}  // namespace

int window_residual(const ParafluxWindows* call) {
  Piece piece = {0, 0, 0, call->rows, call->estimates, call->squares, call->dots, call->increments};
  for (int64_t w = 0; w < call->count; ++w) {
    piece.rows = call->windows[w].rows;
    piece.history = call->windows[w].history;
    piece.estimates = call->windows[w].estimates;
    if (piece.rows > 0) {
      measure(piece, call->dim, call->scratch);
    }
    piece.window += piece.rows;
    piece.estimated += piece.estimates;
    piece.squares += piece.rows;
    piece.dots += piece.rows * PARAFLUX_MAX_HISTORY;
    piece.increments += 2 * piece.estimates;
  }
  return 0;
}

}  // namespace paraflux::PARAFLUX_ISA_NAMESPACE
