// Residuals of a window on CUDA: the bits of window_residual.cpp. Rows of a window ask of each other, but little: a
// block takes a batch of them at once, a warp a row, so that memory is waited for once a batch; then a thread a column
// walks down the batch with what rows bring to later ones; then each warp stores its row and adds up its sums.
#include "kernel/window_walk.cuh"

namespace paraflux {
namespace {

// Tables of a launch: most rounds fit the small one, which is launched faster.
using SmallTable = WindowTable<8, 160>;
using LargeTable = WindowTable<200, 1800>;
static_assert(sizeof(LargeTable) <= kTableBytes, "a launch takes it");

// Rows of a batch: many where blocks are few and must hide the wait for memory alone, else fewer, so that several
// blocks lie on a processor and one walks while another waits.
constexpr int kManyRows = 16, kFewRows = 8;
constexpr int64_t kFewBlocks = 200;

// One block some lanes of a tile (x) of a piece (y). Sums of lanes go to lanes_of_sums[row][sum][tile][lane].
template <int kRows, typename Table>
__global__ void __launch_bounds__(kRows* kWarp, kManyRows / kRows)
    residuals_of_tile(PARAFLUX_TABLE(Table) table, double* slots, double* lanes_of_sums) {
  __shared__ Batch<kRows> batch;
  const int64_t tiles = gridDim.x / kParts;
  const int t = static_cast<int>(threadIdx.x), mine = t / kWarp, lane = t % kWarp;
  const int begin = blockIdx.y == 0 ? 0 : table.piece_end[blockIdx.y - 1], end = table.piece_end[blockIdx.y];
  const int history = table.history[blockIdx.y], olds = history > 0 ? history - 1 : 0;
  const Elements elements(element_of(lane), table.dim);
  const bool walks = t < kColumns;
  Walk<kRows> walk(slots + element_of(t % kColumns), slot_at(tiles, 1));
  double* lanes = lanes_of_sums + static_cast<int64_t>(blockIdx.x) * kLanesOfBlock;
  WarpRow row;
  for (int first = begin; first < end; first += kRows) {
    const int count = end - first < kRows ? end - first : kRows;
    if (walks) {
      walk.look_up(table, first, count);
    }
    if (mine < count) {
      row.begin(table.row(first + mine), olds, elements, &batch.first_orders[mine][lane]);
    }
    if (first + kRows + mine < end) {
      prefetch(table.row(first + kRows + mine), olds, table.dim);
    }
    __syncthreads();
    if (walks) {
      walk.run(table, first, count, first - begin, t, batch);
    }
    __syncthreads();
    if (mine < count) {
      const int64_t at = (table.first + first + mine) * kSumsOfRow * tiles * kWindowLanes;
      row.finish(table.row(first + mine), 1 + history, elements, &batch.brought[mine][lane], tiles, lanes + at);
    }
  }
}

// One block a row of the launch (x) and sum (y). Warps fold the lanes of tiles, while the first thread adds up the
// tiles before.
template <typename Sums>
__global__ void add_tiles(PARAFLUX_TABLE(Sums) table, int64_t tiles, const double* lanes_of_sums, double* squares,
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
#pragma unroll 4
    for (int tile = t / kWarp; tile < count; tile += kThreads / kWarp) {
      double lane = lanes_of_sums[(at + first + tile) * kWindowLanes + t % kWarp];
#pragma unroll
      for (int half = kWarp / 2; half > 0; half /= 2) {
        lane = __dadd_rn(lane, __shfl_down_sync(0xFFFFFFFF, lane, half));
      }
      if (t % kWarp == 0) {
        folded[buffer][tile] = lane;
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

template <int kRows, typename Table>
cudaError_t enqueue(const Table& table, const SumsTable<Table::kRows>& sums, const WindowWalk& walk,
                    const ParafluxWindows& call, void* stream) {
  const int64_t tiles = window_tiles(call.dim);
  double* lanes_of_sums = call.scratch + slot_at(tiles, 2 * walk.all());
  const dim3 grid(static_cast<unsigned>(tiles * kParts), static_cast<unsigned>(walk.pieces));
  const cudaError_t error =
      launch(residuals_of_tile<kRows, Table>, grid, kRows * kWarp, stream, table, call.scratch, lanes_of_sums);
  const dim3 each(static_cast<unsigned>(walk.rows), static_cast<unsigned>(walk.most_sums));
  return error != cudaSuccess ? error
                              : launch(add_tiles<SumsTable<Table::kRows>>, each, kThreads, stream, sums, tiles,
                                       static_cast<const double*>(lanes_of_sums), call.squares, call.dots);
}

cudaError_t enqueue(const SmallTable& table, const SumsTable<SmallTable::kRows>& sums, const WindowWalk& walk,
                    const ParafluxWindows& call, void* stream) {
  return enqueue<kFewRows>(table, sums, walk, call, stream);
}

cudaError_t enqueue(const LargeTable& table, const SumsTable<LargeTable::kRows>& sums, const WindowWalk& walk,
                    const ParafluxWindows& call, void* stream) {
  return window_tiles(call.dim) * kParts * walk.pieces < kFewBlocks
             ? enqueue<kManyRows>(table, sums, walk, call, stream)
             : enqueue<kFewRows>(table, sums, walk, call, stream);
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
  SmallTable small;
  SumsTable<SmallTable::kRows> small_sums;
  WindowWalk walk(*call);
  while (!walk.done()) {
    walk.fill(table, sums);
    const cudaError_t error = walk.copy(table, sums, small, small_sums)
                                  ? enqueue(small, small_sums, walk, *call, stream)
                                  : enqueue(table, sums, walk, *call, stream);
    if (error != cudaSuccess) {
      return error;
    }
  }
  return cudaSuccess;
}
