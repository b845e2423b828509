// Residuals of a window on CUDA: the bits of window_residual.cpp. A thread has one element of a tile and walks down the
// rows; it asks for the values of rows ahead, so that memory is waited for once and not once a row. Products go to
// shared memory, where other threads add them up in the header's order. A block has some lanes of a tile, so that a
// device has work for all its processors where tiles are few; with all lanes of a tile it folds them too.
#include "kernel/window_rows.cuh"

namespace paraflux {
namespace {

constexpr int kSteps = kWindowTile / kWindowLanes;  // elements of a lane in a tile
constexpr int kSlots = 8;                           // sums that a block adds up at once, or those of one row
static_assert(kSumsOfRow <= kSlots + 1, "a row's sums take one turn, and one more");

// Rows ahead of their use for which a cache is asked, and which are loaded, two (kInRegisters).
constexpr int kAhead = 8;

// Tables of a launch: most rounds fit the small one, which is launched faster.
using SmallTable = WindowTable<8, 160>;
using LargeTable = WindowTable<200, 1800>;
static_assert(sizeof(LargeTable) <= kTableBytes, "a launch takes it");

// Below so many tiles, lanes of a tile are spread over blocks.
constexpr int64_t kFewTiles = 512;
constexpr int kFewLanes = 8;

// Which sum of which row of a batch a thread adds up, of which lane.
struct Task {
  int row, sum, lane;
};

// Adds up a lane's products; with all lanes in a block, the first thread of a warp has the tile's sum.
template <int kLanes>
__device__ void add_lane(const double* products, const Task& task, int64_t row, int64_t tile, int64_t tiles,
                         double* sums) {
  double sum = 0;
#pragma unroll
  for (int s = 0; s < kSteps; ++s) {
    sum = __dadd_rn(sum, products[s * kLanes + task.lane]);
  }
  const int64_t at = (row * kSumsOfRow + task.sum) * tiles + tile;
  if constexpr (kLanes == kWindowLanes) {
#pragma unroll
    for (int half = kWarp / 2; half > 0; half /= 2) {
      sum = __dadd_rn(sum, __shfl_down_sync(0xFFFFFFFF, sum, half));
    }
    if (task.lane == 0) {
      sums[at] = sum;
    }
  } else {
    const int part = static_cast<int>(blockIdx.x) % (kWindowLanes / kLanes);
    sums[at * kWindowLanes + part * kLanes + task.lane] = sum;
  }
}

// One block so many lanes of a tile (x) of a piece (y). A thread only ever reads what it has left in scratch itself.
template <int kLanes, typename Table>
__global__ void __launch_bounds__(kLanes* kSteps)
    residuals_of_tile(PARAFLUX_TABLE(Table) table, double* scratch, double* sums_of_tiles) {
  constexpr int kBlock = kLanes * kSteps, kParts = kWindowLanes / kLanes;
  __shared__ double products[2][kSlots + 1][kBlock];
  const int64_t tiles = gridDim.x / kParts, tile = blockIdx.x / kParts;
  const int t = static_cast<int>(threadIdx.x), lane = t % kLanes;
  const int64_t e =
      tile * kWindowTile + t / kLanes * kWindowLanes + static_cast<int>(blockIdx.x) % kParts * kLanes + lane;
  const Element element = {e, e < table.dim};
  const int begin = blockIdx.y == 0 ? 0 : table.piece_end[blockIdx.y - 1], end = table.piece_end[blockIdx.y];
  const int history = table.history[blockIdx.y], olds = history > 0 ? history - 1 : 0, sums = 1 + history;
  const int batch = sums >= kSlots ? 1 : kSlots / sums;
  const Task task = {t / kLanes / sums, t / kLanes % sums, lane};
  Carried carried;
  Inputs next[kInRegisters];
  for (int r = begin; r < begin + kAhead && r < end; ++r) {
    prefetch(table.row(r), olds, element);
  }
#pragma unroll
  for (int i = 0; i < kInRegisters; ++i) {
    if (begin + i < end) {
      load(table.row(begin + i), olds, element, tiles, scratch, next[i]);
    }
  }
  int in_batch = 0, buffer = 0;
  for (int first = begin; first < end; first += kInRegisters) {
#pragma unroll
    for (int i = 0; i < kInRegisters; ++i) {
      const int r = first + i;
      if (r < end) {
        const Inputs in = next[i];
        if (r + kAhead < end) {
          prefetch(table.row(r + kAhead), olds, element);
        }
        if (r + kInRegisters < end) {
          load(table.row(r + kInRegisters), olds, element, tiles, scratch, next[i]);
        }
        run_row<kBlock>(table.row(r), olds, sums, element, tiles, scratch, in, carried,
                        &products[buffer][in_batch * sums]);
        if (++in_batch == batch || r + 1 == end) {
          __syncthreads();  // the other buffer is free again when all have come here
          const int64_t row = table.first + r + 1 - in_batch;
          if (task.row < in_batch) {
            add_lane<kLanes>(products[buffer][t / kLanes], task, row + task.row, tile, tiles, sums_of_tiles);
          }
          if (sums > kSlots && t < kLanes) {
            add_lane<kLanes>(products[buffer][kSlots], {0, kSlots, lane}, row, tile, tiles, sums_of_tiles);
          }
          buffer ^= 1;
          in_batch = 0;
        }
      }
    }
  }
}

// One block a row of the launch (x) and sum (y). Warps fold the lanes of tiles, or find them folded, while the first
// thread adds up the tiles before.
template <int kLanes, typename Sums>
__global__ void add_tiles(PARAFLUX_TABLE(Sums) table, int64_t tiles, const double* sums_of_tiles, double* squares,
                          double* dots) {
  __shared__ double folded[2][kThreads];
  const int which = static_cast<int>(blockIdx.y), t = static_cast<int>(threadIdx.x);
  if (which >= table.sums[blockIdx.x]) {
    return;
  }
  const int64_t row = table.first + blockIdx.x, at = (row * kSumsOfRow + which) * tiles;
  double sum = 0;
  int buffer = 0;
  for (int64_t first = 0; first < tiles; first += kThreads) {
    const int count = static_cast<int>(tiles - first < kThreads ? tiles - first : kThreads);
    if constexpr (kLanes == kWindowLanes) {
      if (t < count) {
        folded[buffer][t] = sums_of_tiles[at + first + t];
      }
    } else {
#pragma unroll 4
      for (int tile = t / kWarp; tile < count; tile += kThreads / kWarp) {
        double lane = sums_of_tiles[(at + first + tile) * kWindowLanes + t % kWarp];
#pragma unroll
        for (int half = kWarp / 2; half > 0; half /= 2) {
          lane = __dadd_rn(lane, __shfl_down_sync(0xFFFFFFFF, lane, half));
        }
        if (t % kWarp == 0) {
          folded[buffer][tile] = lane;
        }
      }
    }
    __syncthreads();
    if (t == 0) {
#pragma unroll 8
      for (int i = 0; i < count; ++i) {
        sum = __dadd_rn(sum, folded[buffer][i]);
      }
    }
    buffer ^= 1;
  }
  if (t == 0) {
    *(which == 0 ? squares + row : dots + row * PARAFLUX_MAX_HISTORY + which - 1) = sum;
  }
}

template <int kLanes, typename Table>
cudaError_t enqueue(const Table& table, const SumsTable<Table::kRows>& sums, const WindowWalk& walk,
                    const ParafluxWindows& call, void* stream) {
  constexpr int kParts = kWindowLanes / kLanes;
  const int64_t tiles = window_tiles(call.dim);
  double* sums_of_tiles = call.scratch + slot_at(tiles, 2 * walk.all());
  const dim3 grid(static_cast<unsigned>(tiles * kParts), static_cast<unsigned>(walk.pieces));
  const cudaError_t error =
      launch(residuals_of_tile<kLanes, Table>, grid, kLanes * kSteps, stream, table, call.scratch, sums_of_tiles);
  const dim3 each(static_cast<unsigned>(walk.rows), static_cast<unsigned>(walk.most_sums));
  return error != cudaSuccess ? error
                              : launch(add_tiles<kLanes, SumsTable<Table::kRows>>, each, kThreads, stream, sums, tiles,
                                       static_cast<const double*>(sums_of_tiles), call.squares, call.dots);
}

template <typename Table>
cudaError_t enqueue(const Table& table, const SumsTable<Table::kRows>& sums, const WindowWalk& walk,
                    const ParafluxWindows& call, void* stream) {
  return window_tiles(call.dim) * walk.pieces < kFewTiles ? enqueue<kFewLanes>(table, sums, walk, call, stream)
                                                          : enqueue<kWindowLanes>(table, sums, walk, call, stream);
}

}  // namespace
}  // namespace paraflux

extern "C" int64_t paraflux_window_scratch_cuda(int64_t rows, int64_t dim) {
  using namespace paraflux;
  const int64_t tiles = window_tiles(dim);
  return slot_at(tiles, 2 * rows) + rows * kSumsOfRow * tiles * kWindowLanes;
}

extern "C" int paraflux_window_residual_cuda(const ParafluxWindows* call, int device, void* stream) {
  using namespace paraflux;
  const CurrentDevice current(device);
  if (current.error() != cudaSuccess) {
    return current.error();
  }
  LargeTable table;
  SumsTable<LargeTable::kRows> sums;
  WindowWalk walk(*call);
  while (!walk.done()) {
    walk.fill(table, sums);
    cudaError_t error;
    if (walk.rows <= SmallTable::kRows && walk.used <= SmallTable::kWords) {
      SmallTable small;
      SumsTable<SmallTable::kRows> small_sums;
      walk.copy(table, sums, small, small_sums);
      error = enqueue(small, small_sums, walk, *call, stream);
    } else {
      error = enqueue(table, sums, walk, *call, stream);
    }
    if (error != cudaSuccess) {
      return error;
    }
  }
  return cudaSuccess;
}
