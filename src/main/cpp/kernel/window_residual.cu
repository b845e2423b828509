// Residuals of a window on CUDA: the bits of window_residual.cpp.
#include "kernel/cuda_sums.cuh"
#include "kernel/window_order.h"

namespace paraflux {
namespace {

static_assert(kWarp == kWindowLanes, "a thread is a lane");
constexpr int kOfLane = kWindowTile / kWindowLanes;  // elements of a tile that a lane has
constexpr int kSumsOfRow = 1 + PARAFLUX_MAX_HISTORY;
constexpr int kFirstOrder = 0, kUnrolled = 1;  // what a row leaves in scratch

// Rows `first` and on of all windows, as many as one launch takes, in pieces: the rows of a window that the launch has.
// Later launches find in scratch what they ask of earlier ones.
struct WindowTable {
  static constexpr int64_t kRows = (kTableBytes - 32) / (static_cast<int64_t>(sizeof(ParafluxWindowRow)) + 32);

  ParafluxWindowRow rows[kRows];
  int64_t window[kRows];     // the window's first row, among all rows
  int32_t history[kRows];    // the window's
  int32_t piece_end[kRows];  // of a piece, the row after its last one
  bool keeps[kRows][2];      // what a later row asks of scratch
  int64_t first;
  int64_t all;
  int64_t dim;
};

static_assert(sizeof(WindowTable) <= kTableBytes, "a launch takes it");

// Scratch: r and R of every row, then every row's sums of every tile.
__host__ __device__ inline int64_t kept_at(int64_t tiles, int64_t row, int what, int64_t e) {
  return (row * 2 + what) * tiles * kWindowTile + e;
}

__host__ __device__ inline int64_t sums_at(int64_t tiles, int64_t rows, int64_t row, int sum) {
  return kept_at(tiles, rows, 0, 0) + (row * kSumsOfRow + sum) * tiles;
}

// Of the rows of the launch, of which a later row of their window finds r or R in scratch: R only if that is not the
// next row of the launch, which has it in registers.
inline void fill_keeps(WindowTable& table, int64_t count, int64_t window, int64_t window_end,
                       const ParafluxWindowRow* rows) {
  const int64_t end = table.first + count;
  for (int64_t i = window > table.first ? window : table.first; i < window_end; ++i) {
    const int64_t parent = window + rows[i].parent, drop = window + rows[i].drop;
    if (rows[i].drop >= 0 && drop >= table.first && drop < end) {
      table.keeps[drop - table.first][kFirstOrder] = true;
    }
    if (rows[i].parent >= 0 && parent >= table.first && parent < end && (parent != i - 1 || i == end)) {
      table.keeps[parent - table.first][kUnrolled] = true;
    }
  }
}

// A lane's elements of a tile of a row; those past its end are 0 and add nothing to a sum.
__device__ inline void load(int64_t row, int64_t e, int64_t dim, float* values) {
#pragma unroll
  for (int i = 0; i < kOfLane; ++i) {
    const int64_t at = e + i * kWarp;
    values[i] = at < dim ? __ldg(pointer<const float>(row) + at) : 0.0F;
  }
}

template <int kTerms>
__device__ void right_side(const ParafluxTerm* terms, int64_t e, int64_t dim, double* right) {
  float in[kTerms][kOfLane];
#pragma unroll
  for (int k = 0; k < kTerms; ++k) {
    load(terms[k].input, e, dim, in[k]);
  }
#pragma unroll
  for (int i = 0; i < kOfLane; ++i) {
    right[i] = __dmul_rn(terms[0].coefficient, static_cast<double>(in[0][i]));
#pragma unroll
    for (int k = 1; k < kTerms; ++k) {
      right[i] = plus_product(right[i], terms[k].coefficient, in[k][i]);
    }
  }
}

// Adds a lane's products, folds the lanes, and leaves the tile's sum in scratch.
template <typename Product>
__device__ inline void sum_tile(double* to, Product product) {
  double lane = 0;
#pragma unroll
  for (int i = 0; i < kOfLane; ++i) {
    lane = __dadd_rn(lane, product(i));
  }
#pragma unroll
  for (int half = kWarp / 2; half > 0; half /= 2) {
    lane = __dadd_rn(lane, __shfl_down_sync(0xFFFFFFFF, lane, half));
  }
  if (threadIdx.x == 0) {
    *to = lane;
  }
}

// One warp a tile (x) of a piece (y), walking its rows. A lane only ever reads what it has left in scratch itself.
__global__ void residuals_of_tile(PARAFLUX_TABLE(WindowTable) table, double* scratch) {
  const int64_t tiles = gridDim.x, tile = blockIdx.x;
  const int64_t e = tile * kWindowTile + threadIdx.x;
  const int begin = blockIdx.y == 0 ? 0 : table.piece_end[blockIdx.y - 1], end = table.piece_end[blockIdx.y];
  double unrolled[kOfLane];  // the row before, if it belongs to this launch
  for (int at_row = begin; at_row < end; ++at_row) {
    const ParafluxWindowRow& row = table.rows[at_row];
    const int64_t i = table.first + at_row, window = table.window[at_row];
    const int64_t parent = row.parent < 0 ? -1 : window + row.parent, drop = row.drop < 0 ? -1 : window + row.drop;
    double right[kOfLane], first_order[kOfLane];
    float stored[kOfLane];
    with_terms(static_cast<int>(row.right.terms),
               [&](auto count) { right_side<decltype(count)::value>(row.right.term, e, table.dim, right); });
    load(row.x, e, table.dim, stored);
#pragma unroll
    for (int s = 0; s < kOfLane; ++s) {
      const int64_t at = e + s * kWarp;
      first_order[s] = __dsub_rn(right[s], static_cast<double>(stored[s]));
      double brought = 0;
      if (parent >= 0) {
        const bool carried = at_row > begin && parent == i - 1;
        brought = __dmul_rn(row.factor, carried ? unrolled[s] : scratch[kept_at(tiles, parent, kUnrolled, at)]);
      }
      if (drop >= 0) {
        const double left = __dmul_rn(row.drop_factor, scratch[kept_at(tiles, drop, kFirstOrder, at)]);
        brought = parent >= 0 ? __dsub_rn(brought, left) : -left;
      }
      const bool plain = parent < 0 && drop < 0;
      unrolled[s] = plain ? first_order[s] : __dadd_rn(first_order[s], brought);
      stored[s] = __double2float_rn(unrolled[s]);
      if (table.keeps[at_row][kFirstOrder]) {
        scratch[kept_at(tiles, i, kFirstOrder, at)] = first_order[s];
      }
      if (table.keeps[at_row][kUnrolled]) {
        scratch[kept_at(tiles, i, kUnrolled, at)] = unrolled[s];
      }
      if (at < table.dim) {
        pointer<float>(row.residual)[at] = stored[s];
        if (row.map != 0) {
          pointer<float>(row.map)[at] = __double2float_rn(plain ? right[s] : __dadd_rn(right[s], brought));
        }
      }
    }
    sum_tile(scratch + sums_at(tiles, table.all, i, 0) + tile,
             [&](int s) { return __dmul_rn(first_order[s], first_order[s]); });
    for (int c = 0; c < table.history[at_row]; ++c) {
      float old[kOfLane];
#pragma unroll
      for (int s = 0; s < kOfLane; ++s) {
        old[s] = c == 0 ? stored[s] : 0.0F;
      }
      const bool there = c == 0 || row.olds[c] != 0;
      if (c > 0 && there) {
        load(row.olds[c], e, table.dim, old);
      }
      sum_tile(scratch + sums_at(tiles, table.all, i, 1 + c) + tile, [&](int s) {
        return there ? __dmul_rn(static_cast<double>(stored[s]), static_cast<double>(old[s])) : 0.0;
      });
    }
  }
}

// One block, a warp, a row of the launch (x) and sum (y).
__global__ void add_tiles(PARAFLUX_TABLE(WindowTable) table, int64_t tiles, const double* scratch, double* squares,
                          double* dots) {
  const int which = static_cast<int>(blockIdx.y);
  if (which > table.history[blockIdx.x]) {
    return;
  }
  const int64_t row = table.first + blockIdx.x;
  const double sum = add_in_order(tiles, scratch + sums_at(tiles, table.all, row, which));
  if (threadIdx.x == 0) {
    *(which == 0 ? squares + row : dots + row * PARAFLUX_MAX_HISTORY + which - 1) = sum;
  }
}

// Takes as many rows as a launch does, from a row of a window on; tells both where it stopped.
struct Filled {
  int64_t rows = 0;
  int pieces = 0;
  int64_t history = 0;  // the longest
};

inline Filled fill(WindowTable& table, const ParafluxWindows& call, int64_t& window, int64_t& window_first) {
  Filled filled;
  while (window < call.count && filled.rows < WindowTable::kRows) {
    const int64_t window_end = window_first + call.windows[window].rows;
    const int64_t history = call.windows[window].history;
    const int64_t begin = table.first + filled.rows, room = WindowTable::kRows - filled.rows;
    const int64_t end = window_end - begin < room ? window_end : begin + room;
    for (int64_t i = begin; i < end; ++i, ++filled.rows) {
      table.rows[filled.rows] = call.rows[i];
      table.window[filled.rows] = window_first;
      table.history[filled.rows] = static_cast<int32_t>(history);
      table.keeps[filled.rows][kFirstOrder] = table.keeps[filled.rows][kUnrolled] = false;
    }
    if (end > begin) {
      table.piece_end[filled.pieces++] = static_cast<int32_t>(filled.rows);
      filled.history = history > filled.history ? history : filled.history;
      fill_keeps(table, filled.rows, window_first, window_end, call.rows);
    }
    if (end < window_end) {
      break;
    }
    window_first = window_end;
    ++window;
  }
  return filled;
}

}  // namespace
}  // namespace paraflux

extern "C" int64_t paraflux_window_scratch_cuda(int64_t rows, int64_t dim) {
  return paraflux::sums_at(paraflux::window_tiles(dim), rows, rows, 0);
}

extern "C" int paraflux_window_residual_cuda(const ParafluxWindows* call, int device, void* stream) {
  using namespace paraflux;
  const CurrentDevice current(device);
  const unsigned tiles = static_cast<unsigned>(window_tiles(call->dim));
  if (current.error() != cudaSuccess) {
    return current.error();
  }
  WindowTable table = {};
  table.dim = call->dim;
  for (int64_t w = 0; w < call->count; ++w) {
    table.all += call->windows[w].rows;
  }
  int64_t window = 0, window_first = 0;
  while (table.first < table.all) {
    const Filled filled = fill(table, *call, window, window_first);
    const dim3 grid(tiles, static_cast<unsigned>(filled.pieces));
    cudaError_t error = launch(residuals_of_tile, grid, kWarp, stream, table, call->scratch);
    const dim3 sums(static_cast<unsigned>(filled.rows), static_cast<unsigned>(1 + filled.history));
    if (error == cudaSuccess) {
      error = launch(add_tiles, sums, kWarp, stream, table, static_cast<int64_t>(tiles),
                     static_cast<const double*>(call->scratch), call->squares, call->dots);
    }
    if (error != cudaSuccess) {
      return error;
    }
    table.first += filled.rows;
  }
  return cudaSuccess;
}
