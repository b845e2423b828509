// Residuals of a window on CUDA: the bits of window_residual.cpp.
#include "kernel/cuda_launch.cuh"
#include "kernel/window_order.h"

namespace paraflux {
namespace {

constexpr int kWarp = 32;
static_assert(kWarp == kWindowLanes, "a thread is a lane");
constexpr int kOfLane = kWindowTile / kWindowLanes;  // elements of a tile that a lane has
constexpr int kSumsOfRow = 1 + PARAFLUX_MAX_HISTORY;
constexpr int kFirstOrder = 0, kUnrolled = 1;  // what a row leaves in scratch

// Rows `first` and on, as many as one launch takes. Later launches find in scratch what they ask of earlier ones.
struct WindowTable {
  static constexpr int64_t kRows = kTableBytes / (PARAFLUX_MAX_TERMS * 16 + PARAFLUX_MAX_HISTORY * 8 + 56);

  int64_t inputs[kRows][PARAFLUX_MAX_TERMS];
  double coefficients[kRows][PARAFLUX_MAX_TERMS];
  int64_t olds[kRows][PARAFLUX_MAX_HISTORY];
  int64_t x[kRows];
  int64_t residuals[kRows];
  int64_t maps[kRows];
  double factors[kRows];
  double drop_factors[kRows];
  int32_t terms[kRows];
  int32_t parents[kRows];
  int32_t drops[kRows];
  bool keeps[kRows][2];  // what a later row asks of scratch
  int32_t history;
  int64_t first;
  int64_t rows;
  int64_t dim;
};

// Scratch: r and R of every row, then every row's sums of every tile.
__host__ __device__ inline int64_t kept_at(int64_t tiles, int64_t row, int what, int64_t e) {
  return (row * 2 + what) * tiles * kWindowTile + e;
}

__host__ __device__ inline int64_t sums_at(int64_t tiles, int64_t rows, int64_t row, int sum) {
  return kept_at(tiles, rows, 0, 0) + (row * kSumsOfRow + sum) * tiles;
}

// The rows of the launch of which a later row finds r or R in scratch: R only if that is not the next row of the
// launch, which has it in registers.
inline void fill_keeps(WindowTable& table, int64_t count, const int32_t* parents, const int32_t* drops) {
  const int64_t end = table.first + count;
  for (int64_t r = 0; r < count; ++r) {
    table.keeps[r][kFirstOrder] = table.keeps[r][kUnrolled] = false;
  }
  for (int64_t i = table.first + 1; i < table.rows; ++i) {
    if (drops[i] >= table.first && drops[i] < end) {
      table.keeps[drops[i] - table.first][kFirstOrder] = true;
    }
    if (parents[i] >= table.first && parents[i] < end && (parents[i] != i - 1 || i == end)) {
      table.keeps[parents[i] - table.first][kUnrolled] = true;
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
__device__ void right_side(const WindowTable& table, int row, int64_t e, double* right) {
  float in[kTerms][kOfLane];
#pragma unroll
  for (int k = 0; k < kTerms; ++k) {
    load(table.inputs[row][k], e, table.dim, in[k]);
  }
#pragma unroll
  for (int i = 0; i < kOfLane; ++i) {
    right[i] = __dmul_rn(table.coefficients[row][0], static_cast<double>(in[0][i]));
#pragma unroll
    for (int k = 1; k < kTerms; ++k) {
      right[i] = plus_product(right[i], table.coefficients[row][k], in[k][i]);
    }
  }
}

template <int kTerms = PARAFLUX_MAX_TERMS>
__device__ void right_side_as(const WindowTable& table, int row, int64_t e, double* right) {
  if constexpr (kTerms > 1) {
    if (table.terms[row] != kTerms) {
      right_side_as<kTerms - 1>(table, row, e, right);
      return;
    }
  }
  right_side<kTerms>(table, row, e, right);
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

// One warp a tile, walking the launch's rows. A lane only ever reads what it has left in scratch itself.
__global__ void residuals_of_tile(const __grid_constant__ WindowTable table, int64_t count, double* scratch) {
  const int64_t tiles = gridDim.x, tile = blockIdx.x;
  const int64_t e = tile * kWindowTile + threadIdx.x;
  double unrolled[kOfLane];  // the row before, if it belongs to this launch
  for (int row = 0; row < count; ++row) {
    const int64_t i = table.first + row;
    const int32_t parent = table.parents[row], drop = table.drops[row];
    double right[kOfLane], first_order[kOfLane];
    float stored[kOfLane];
    right_side_as(table, row, e, right);
    load(table.x[row], e, table.dim, stored);
#pragma unroll
    for (int s = 0; s < kOfLane; ++s) {
      const int64_t at = e + s * kWarp;
      first_order[s] = __dsub_rn(right[s], static_cast<double>(stored[s]));
      double brought = 0;
      if (parent >= 0) {
        const bool carried = row > 0 && parent == i - 1;
        brought = __dmul_rn(table.factors[row], carried ? unrolled[s] : scratch[kept_at(tiles, parent, kUnrolled, at)]);
      }
      if (drop >= 0) {
        const double left = __dmul_rn(table.drop_factors[row], scratch[kept_at(tiles, drop, kFirstOrder, at)]);
        brought = parent >= 0 ? __dsub_rn(brought, left) : -left;
      }
      const bool plain = parent < 0 && drop < 0;
      unrolled[s] = plain ? first_order[s] : __dadd_rn(first_order[s], brought);
      stored[s] = __double2float_rn(unrolled[s]);
      if (table.keeps[row][kFirstOrder]) {
        scratch[kept_at(tiles, i, kFirstOrder, at)] = first_order[s];
      }
      if (table.keeps[row][kUnrolled]) {
        scratch[kept_at(tiles, i, kUnrolled, at)] = unrolled[s];
      }
      if (at < table.dim) {
        pointer<float>(table.residuals[row])[at] = stored[s];
        if (table.maps[row] != 0) {
          pointer<float>(table.maps[row])[at] = __double2float_rn(plain ? right[s] : __dadd_rn(right[s], brought));
        }
      }
    }
    sum_tile(scratch + sums_at(tiles, table.rows, i, 0) + tile,
             [&](int s) { return __dmul_rn(first_order[s], first_order[s]); });
    for (int c = 0; c < table.history; ++c) {
      float old[kOfLane];
#pragma unroll
      for (int s = 0; s < kOfLane; ++s) {
        old[s] = c == 0 ? stored[s] : 0.0F;
      }
      const bool there = c == 0 || table.olds[row][c] != 0;
      if (c > 0 && there) {
        load(table.olds[row][c], e, table.dim, old);
      }
      sum_tile(scratch + sums_at(tiles, table.rows, i, 1 + c) + tile, [&](int s) {
        return there ? __dmul_rn(static_cast<double>(stored[s]), static_cast<double>(old[s])) : 0.0;
      });
    }
  }
}

// One warp a row (x) and sum (y): it loads side by side, and its first thread adds in order.
__global__ void add_tiles(int64_t tiles, const double* scratch, double* squares, double* dots) {
  __shared__ double loaded[kWarp];
  const int64_t row = blockIdx.x, rows = gridDim.x;
  const int which = static_cast<int>(blockIdx.y), lane = static_cast<int>(threadIdx.x);
  const double* sums = scratch + sums_at(tiles, rows, row, which);
  double sum = 0;
  for (int64_t first = 0; first < tiles; first += kWarp) {
    const int count = static_cast<int>(tiles - first < kWarp ? tiles - first : kWarp);
    if (lane < count) {
      loaded[lane] = sums[first + lane];
    }
    __syncwarp();
    for (int t = 0; lane == 0 && t < count; ++t) {
      sum = __dadd_rn(sum, loaded[t]);
    }
    __syncwarp();
  }
  if (lane == 0) {
    *(which == 0 ? squares + row : dots + row * PARAFLUX_MAX_HISTORY + which - 1) = sum;
  }
}

}  // namespace
}  // namespace paraflux

extern "C" int64_t paraflux_window_scratch_cuda(int64_t rows, int64_t dim) {
  return paraflux::sums_at(paraflux::window_tiles(dim), rows, rows, 0);
}

extern "C" int paraflux_window_residual_cuda(int64_t rows, int64_t dim, const int32_t* terms, const int64_t* inputs,
                                             const double* coefficients, const int64_t* x, const int32_t* parents,
                                             const double* factors, const int32_t* drops, const double* drop_factors,
                                             const int64_t* residuals, const int64_t* maps, int32_t history,
                                             const int64_t* olds, double* squares, double* dots, double* scratch,
                                             void* stream) {
  using namespace paraflux;
  const unsigned tiles = static_cast<unsigned>(window_tiles(dim));
  const cudaStream_t queue = static_cast<cudaStream_t>(stream);
  WindowTable table = {};
  table.history = history;
  table.rows = rows;
  table.dim = dim;
  for (int64_t first = 0; first < rows; first += WindowTable::kRows) {
    const int64_t count = rows - first < WindowTable::kRows ? rows - first : WindowTable::kRows;
    table.first = first;
    for (int64_t r = 0; r < count; ++r) {
      const int64_t i = first + r;
      for (int k = 0; k < terms[i]; ++k) {
        table.inputs[r][k] = inputs[i * PARAFLUX_MAX_TERMS + k];
        table.coefficients[r][k] = coefficients[i * PARAFLUX_MAX_TERMS + k];
      }
      for (int c = 1; c < history; ++c) {
        table.olds[r][c] = olds[i * PARAFLUX_MAX_HISTORY + c];
      }
      table.x[r] = x[i];
      table.residuals[r] = residuals[i];
      table.maps[r] = maps[i];
      table.factors[r] = factors[i];
      table.drop_factors[r] = drop_factors[i];
      table.terms[r] = terms[i];
      table.parents[r] = parents[i];
      table.drops[r] = drops[i];
    }
    fill_keeps(table, count, parents, drops);
    residuals_of_tile<<<tiles, kWarp, 0, queue>>>(table, count, scratch);
    const cudaError_t error = cudaGetLastError();
    if (error != cudaSuccess) {
      return error;
    }
  }
  if (rows > 0) {
    const dim3 grid(static_cast<unsigned>(rows), static_cast<unsigned>(1 + history));
    add_tiles<<<grid, kWarp, 0, queue>>>(tiles, scratch, squares, dots);
  }
  return cudaGetLastError();
}
