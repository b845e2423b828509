// Residuals of a window on CUDA: the bits of window_residual.cpp. Rows of a window ask of each other, but little: a
// block takes a batch of them at once, a thread a lane of a row, so that memory is waited for once a batch; then a
// thread a column walks down the batch with what rows bring to later ones; then each thread stores its lane of its row
// and adds up the lane's sums. A second kernel folds the lanes of the tiles and adds the tiles.
#include <type_traits>

#include "kernel/window_estimates.cuh"
#include "kernel/window_walk.cuh"

namespace paraflux {
namespace {

// Tables of a launch: most rounds fit the small one, which is launched faster.
using SmallTable = WindowTable<8, 160>;
using LargeTable = std::conditional_t<kTableBytes >= 16000, WindowTable<200, 1800>, WindowTable<48, 440>>;
static_assert(sizeof(LargeTable) <= kTableBytes, "a launch takes it");

// Olds that a thread has room for: those of usual histories, or all.
constexpr int kFewOlds = 2, kAllOlds = PARAFLUX_MAX_HISTORY - 1;

// Rows of a batch: many where blocks are few, so that memory and the walk are waited for seldom; else fewer, so that
// several blocks lie on a processor and one computes while another waits.
constexpr int kManyRows = kMostBatch, kFewRows = 8;
constexpr int64_t kFewBlocks = 200;

// A piece's rows, batch by batch.
template <int kRows, bool kWhole, int kMostOlds, typename Table>
__device__ void run_piece(const Table& table, int begin, int end, int history, double* slots, double* lanes_of_sums,
                          Batch<kRows>& batch) {
  const int64_t tiles = gridDim.x / kParts, apart = tiles * kWindowLanes, slot_size = slot_at(tiles, 1);
  const int t = static_cast<int>(threadIdx.x), mine = t / kLanesOfBlock, column = t % kLanesOfBlock;
  const int olds = history > 0 ? history - 1 : 0;
  Lane<kWhole, kMostOlds> lane(element_of(column), table.dim);
  Walk<kRows> walk(slots + element_of(t % kColumns), slot_size, t % kColumns);
  double* sums = lanes_of_sums + static_cast<int64_t>(blockIdx.x) * kLanesOfBlock + column;
  double *first_orders = &batch.first_orders[mine][column], *brought = &batch.brought[mine][column];
  const auto put_links = [&](int first, int turn) {
    if (t < kRows && first + t < end) {
      batch.links[turn][t] = table.row(first + t).links;
    }
  };
  put_links(begin, 0);
  __syncthreads();
  int turn = 0;
  for (int first = begin; first < end; first += kRows, turn ^= 1) {
    const bool is_there = first + mine < end;
    const Links& links = batch.links[turn][mine];
    put_links(first + kRows, turn ^ 1);
    bool dropped_in_batch = false, far = false;
    if (is_there) {
      dropped_in_batch = links.drop > 0 && links.drop <= mine;
      far = links.parent > kCarried || links.parent > first + mine - begin;
      lane.begin(table.row(first + mine), olds, first_orders, slots, slot_size);
      if (links.drop > mine) {
        lane.put_left(links.drop_factor, slots + links.drop_slot * slot_size + element_of(column), kWindowLanes,
                      brought);
      } else if (links.drop == 0) {
        lane.put_nothing_left(brought);
      }
      if (first + kRows + mine < end) {
        prefetch(table.row(first + kRows + mine), olds, column, table.dim);
      }
    }
    if (__syncthreads_or(dropped_in_batch)) {
      if (dropped_in_batch) {
        lane.put_left(links.drop_factor, first_orders - links.drop * kColumns, kLanesOfBlock, brought);
      }
    }
    const bool near = !__syncthreads_or(far);
    if (t < kColumns) {
      walk.run(batch.links[turn], end - first < kRows ? end - first : kRows, first - begin, near, batch);
    }
    __syncthreads();
    if (is_there) {
      lane.finish(table.row(first + mine), history, brought, slots, slot_size, apart,
                  sums + (table.first + first + mine) * kSumsOfRow * apart);
    }
  }
}

// One block some lanes of a tile (x) of a piece (y). Sums of lanes go to lanes_of_sums[row][sum][tile][lane].
template <int kRows, int kMostOlds, typename Table>
__global__ void __launch_bounds__(kRows* kLanesOfBlock, 2 * kManyRows / kRows)
    residuals_of_tile(PARAFLUX_TABLE(Table) table, double* slots, double* lanes_of_sums) {
  static_assert(kRows * kLanesOfBlock >= kColumns, "a thread walks down a column");
  __shared__ Batch<kRows> batch;
  const int begin = blockIdx.y == 0 ? 0 : table.piece_end[blockIdx.y - 1], end = table.piece_end[blockIdx.y];
  const int history = table.history[blockIdx.y];
  if (element_of(kColumns - 1) < table.dim) {
    run_piece<kRows, true, kMostOlds>(table, begin, end, history, slots, lanes_of_sums, batch);
  } else {
    run_piece<kRows, false, kMostOlds>(table, begin, end, history, slots, lanes_of_sums, batch);
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
      const double sum_of_tile = fold_lanes(lanes_of_sums[(at + first + tile) * kWindowLanes + t % kWarp]);
      if (t % kWarp == 0) {
        folded[buffer][tile] = sum_of_tile;
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
  const auto kernel = walk.most_sums <= kFewOlds + 2 ? residuals_of_tile<kRows, kFewOlds, Table>
                                                     : residuals_of_tile<kRows, kAllOlds, Table>;
  const dim3 grid(static_cast<unsigned>(tiles * kParts), static_cast<unsigned>(walk.pieces));
  const cudaError_t error = launch(kernel, grid, kRows * kLanesOfBlock, stream, table, call.scratch, lanes_of_sums);
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

int64_t scratch_of_rows(int64_t rows, int64_t dim) {
  const int64_t tiles = window_tiles(dim);
  return slot_at(tiles, 2 * rows) + rows * kSumsOfRow * tiles * kWindowLanes;
}

}  // namespace
}  // namespace paraflux

extern "C" int64_t paraflux_window_scratch_cuda(int64_t rows, int64_t estimates, int64_t dim) {
  using namespace paraflux;
  return scratch_of_rows(rows, dim) + EstimateScratch::doubles(estimates, dim);
}

extern "C" int paraflux_window_residual_cuda(const ParafluxWindows* call, int device, void* stream) {
  using namespace paraflux;
  const CurrentDevice current(device);
  if (current.error() != cudaSuccess) {
    return current.error();
  }
  WindowWalk walk(*call);
  if (walk.all_estimates() > 0) {
    const EstimateScratch estimates(call->scratch + scratch_of_rows(walk.all(), call->dim), walk.all_estimates(),
                                    call->dim);
    walk.set_outputs(address(estimates.slots), estimates.tiles * kWindowTile * static_cast<int64_t>(sizeof(double)));
    const cudaError_t error = enqueue_estimates(*call, estimates, stream);
    if (error != cudaSuccess) {
      return error;
    }
  }
  LargeTable table;
  SumsTable<LargeTable::kRows> sums;
  SmallTable small;
  SumsTable<SmallTable::kRows> small_sums;
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
