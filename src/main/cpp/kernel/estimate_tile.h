// Estimates of a window on the CPU, in the tile that the window's rows are at; for files compiled once per instruction
// set (isa.h).
#pragma once

#include <string.h>

#include "kernel/prefetch.h"
#include "kernel/window_estimates.h"
#include "kernel/window_lanes.h"
#include "kernel/window_tile.h"

namespace paraflux {
namespace {

// What an estimate reads and writes in a tile, by its first elements.
struct EstimateTile {
  const float* x;
  const float* before;
  const float* output;  // of a node
  float* after;
};

// Calls body(vector, element) for the vectors of each step of a tile; before, it asks for the step's lines of other
// rows, by their addresses.
template <int kRows, typename Body>
void walk_tile(int steps, const int64_t (&ahead)[kRows], Body body) {
#pragma GCC unroll 1
  for (int step = 0; step < steps; ++step) {
    for (const int64_t row : ahead) {
      prefetch(row, step * kWindowLanes, kWindowLanes);
    }
#pragma GCC unroll 16
    for (int v = 0; v < kVectors; ++v) {
      body(v, step * kWindowLanes + v * kWidth);
    }
  }
}

// d of a node, and the sum of its squares.
inline double node_tile(int steps, const EstimateTile& tile, double of_state, double of_output, double* increment,
                        const int64_t (&ahead)[4]) {
  Doubles squares[kVectors] = {};
  walk_tile(steps, ahead, [&](int v, int64_t e) {
    const Doubles told = of_state * load(tile.x + e) + of_output * load(tile.output + e);
    const Doubles d = told - load(tile.before + e);
    store(tile.after + e, rounded(told));
    store(increment + e, d);
    squares[v] += d * d;
  });
  return fold(squares);
}

// The sum of squares of what two neighbours do not tell of a node.
inline double error_tile(int steps, const double* before, const double* increment, const double* after, double share) {
  const double of_before = 1 - share;
  Doubles squares[kVectors] = {};
  walk_tile<1>(steps, {address(after)}, [&](int v, int64_t e) {
    const Doubles error = load(increment + e) - (of_before * load(before + e) + share * load(after + e));
    squares[v] += error * error;
  });
  return fold(squares);
}

// H and the output of a row in between.
inline void between_tile(int steps, const EstimateTile& tile, const ParafluxEstimate& row, const double* before,
                         const double* after, float* output, int64_t ahead) {
  const double share = row.share, of_before = 1 - share, of_state = row.of_state, of_other = row.of_other;
  walk_tile<1>(steps, {ahead}, [&](int, int64_t e) {
    const Doubles brought = of_before * load(before + e) + share * load(after + e);
    const Doubles estimate = load(tile.before + e) + brought;
    store(tile.after + e, rounded(estimate));
    store(output + e, rounded(of_state * load(tile.x + e) + of_other * estimate));
  });
}

// Makes the estimates of a window in turn, as its rows ask for them.
class EstimateWalk {
 public:
  EstimateWalk(int64_t count, const ParafluxEstimate* estimates, const EstimatePlan& plan, double* increments)
      : count_(count), estimates_(estimates), plan_(plan), increments_(increments) {
    for (int64_t g = 0; g < count; ++g) {
      if (is_node(g)) {
        increments_[2 * g] = increments_[2 * g + 1] = 0;
      }
    }
  }

  // Goes to the tile that begins with an element, of which so many are there.
  void begin(int64_t first_element, int64_t elements) {
    bytes_before_ = first_element * static_cast<int64_t>(sizeof(float));
    elements_ = elements;
    steps_ = steps_of(elements);
    made_ = 0;
    node_ = loaded_ = -1;
    next_ = 0;
  }

  // Makes all that are missing of the first ones.
  void make(int64_t until) {
    for (; made_ < until; ++made_) {
      if (is_node(made_)) {
        pass_node();
      } else {
        make_between();
      }
    }
  }

  // Where the tile of a row's input lies that begins so many bytes after the row; that of a row in between has been
  // made, or will be.
  int64_t input(int64_t of_row, int64_t bytes) const {
    if (of_row >= 0) {
      return of_row + bytes;
    }
    const int64_t g = estimate_of(of_row);
    return is_node(g) ? estimates_[g].output + bytes : address(plan_.output(g));
  }

 private:
  bool is_node(int64_t g) const { return estimates_[g].output != 0; }
  bool is_whole() const { return elements_ == kWindowTile; }
  int64_t here(int64_t row) const { return row + bytes_before_; }

  // What comes after a node is known in part from the next one, which is read before its turn.
  void pass_node() {
    if (made_ == 0) {
      load_next();
    }
    ++node_;
    if (made_ < count_ - 1) {
      load_next();
      if (made_ > 0) {
        increments_[2 * made_ + 1] += error_tile(steps_, plan_.increment(node_ - 1), plan_.increment(node_),
                                                 plan_.increment(node_ + 1), estimates_[made_].share);
      }
    }
  }

  void load_next() {
    const int64_t g = next_;
    const ParafluxEstimate& row = estimates_[g];
    do {
      ++next_;
    } while (next_ < count_ && !is_node(next_));
    const ParafluxEstimate& after = estimates_[next_ < count_ ? next_ : g];
    const ParafluxEstimate& between = estimates_[made_ + 1 < count_ ? made_ + 1 : g];
    const EstimateTile tile = tile_of(row);
    increments_[2 * g] += node_tile(steps_, tile, row.of_state, row.of_other, plan_.increment(++loaded_),
                                    {here(after.x), here(after.output), here(after.before), here(between.before)});
    finish(row, tile);
  }

  void make_between() {
    const ParafluxEstimate& row = estimates_[made_];
    const EstimateTile tile = tile_of(row);
    between_tile(steps_, tile, row, plan_.increment(node_), plan_.increment(node_ + 1), plan_.output(made_),
                 here(estimates_[made_ + 1].before));
    finish(row, tile);
  }

  // Of a tile that the row's end cuts short, a copy: what is missing is zero.
  EstimateTile tile_of(const ParafluxEstimate& row) {
    if (is_whole()) {
      return {pointer<const float>(here(row.x)), row.before == 0 ? zeros_ : pointer<const float>(here(row.before)),
              row.output == 0 ? nullptr : pointer<const float>(here(row.output)), pointer<float>(here(row.after))};
    }
    const size_t bytes = static_cast<size_t>(elements_) * sizeof(float);
    memcpy(padded_x_, pointer<const float>(here(row.x)), bytes);
    if (row.before != 0) {
      memcpy(padded_before_, pointer<const float>(here(row.before)), bytes);
    }
    if (row.output != 0) {
      memcpy(padded_output_, pointer<const float>(here(row.output)), bytes);
    }
    return {padded_x_, row.before == 0 ? zeros_ : padded_before_, padded_output_, padded_after_};
  }

  void finish(const ParafluxEstimate& row, const EstimateTile& tile) const {
    if (!is_whole()) {
      memcpy(pointer<float>(here(row.after)), tile.after, static_cast<size_t>(elements_) * sizeof(float));
    }
  }

  int64_t count_;
  const ParafluxEstimate* estimates_;
  const EstimatePlan& plan_;
  double* increments_;
  int64_t bytes_before_ = 0, elements_ = 0;
  int steps_ = 0;
  int64_t made_ = 0;
  int64_t next_ = 0;     // the node that is read next
  int64_t node_ = -1;    // how many nodes have been passed, less one
  int64_t loaded_ = -1;  // how many have been read, less one
  float zeros_[kWindowTile] = {}, padded_x_[kWindowTile] = {}, padded_before_[kWindowTile] = {},
        padded_output_[kWindowTile] = {}, padded_after_[kWindowTile];
};

}  // namespace
}  // namespace paraflux
