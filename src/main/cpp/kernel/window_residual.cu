// Residuals of a window on CUDA: the bits of window_residual.cpp. Rows of a window ask of each other, but little: a
// block takes a batch of them at once, a thread a lane of a row, so that memory is waited for once a batch; then a
// thread a column walks down the batch with what rows bring to later ones; then each thread stores its lane of its row
// and adds up the lane's sums. A second kernel folds the lanes of the tiles and adds the tiles.
#include <type_traits>

#include "kernel/window_estimates.cuh"
#include "kernel/window_walk.cuh"

namespace paraflux {
namespace {

// Tables of a launch: the smaller it is, the faster it is launched. Most rounds fit one of the first two.
using SmallTable = WindowTable<8, 160>;
using MiddleTable = std::conditional_t<kTableBytes >= 16000, WindowTable<200, 1800>, WindowTable<48, 440>>;
using LargeTable = std::conditional_t<kLargeTableBytes >= 32500, WindowTable<400, 3800>, MiddleTable>;
static_assert(sizeof(MiddleTable) <= kTableBytes && sizeof(LargeTable) <= kLargeTableBytes, "a launch takes it");

// Olds that a thread has room for: those of usual histories, or all.
constexpr int kFewOlds = 2, kAllOlds = PARAFLUX_MAX_HISTORY - 1;

// Where rows are short, blocks are few: then each takes many of the window's rows at once and few of their elements, so
// that memory and the walk are waited for seldom. Where they are long, a processor has several blocks, of which one
// computes while another waits.
using Tall = Shape<128, 2>;
using Upright = Shape<32, 8>;
using Flat = Shape<8, 16>;
// That are few: one a processor of a large device. With two, 100 rows of 16384 values took a tenth longer than flat
// ones.
constexpr int64_t kMostBlocks = 132;

template <typename Shape>
bool are_few(int64_t dim, int64_t pieces) {
  return window_tiles(dim) * Shape::kParts * pieces <= kMostBlocks;
}

int64_t rows_of_batch(int64_t dim) {
  return are_few<Tall>(dim, 1) ? Tall::kRows : are_few<Upright>(dim, 1) ? Upright::kRows : Flat::kRows;
}

// A piece's rows, batch by batch.
template <typename Shape, bool kWhole, int kMostOlds, typename Table>
__device__ void run_piece(const Table& table, int begin, int end, int history, double* slots, double* lanes_of_sums,
                          Batch<Shape>& batch) {
  constexpr int kRows = Shape::kRows, kColumns = Shape::kColumns;
  const int64_t tiles = gridDim.x / Shape::kParts, apart = tiles * kWindowLanes, slot_size = slot_at(tiles, 1);
  const int t = static_cast<int>(threadIdx.x), mine = t / Shape::kLanes, column = t % Shape::kLanes;
  const int olds = history > 0 ? history - 1 : 0;
  const int64_t element = Shape::element_of(column);
  Lane<Shape, kWhole, kMostOlds> lane(element, table.dim);
  Walk<Shape> walk(slots + Shape::element_of(t % kColumns), slot_size, t % kColumns);
  double* sums = lanes_of_sums + static_cast<int64_t>(blockIdx.x) * Shape::kLanes + column;
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
        lane.put_left(links.drop_factor, slots + links.drop_slot * slot_size + element, kWindowLanes, brought);
      } else if (links.drop == 0) {
        lane.put_nothing_left(brought);
      }
      if (first + kRows + mine < end) {
        prefetch<Shape>(table.row(first + kRows + mine), olds, column, table.dim);
      }
    }
    if (__syncthreads_or(dropped_in_batch)) {
      if (dropped_in_batch) {
        lane.put_left(links.drop_factor, first_orders - links.drop * Shape::kPitch, Shape::kLanes, brought);
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

// Threads at once on a processor, by the registers that one needs.
constexpr int threads_at_once(int olds) { return olds > kFewOlds ? 256 : 512; }

// One block some lanes of a tile (x) of a piece (y). Sums of lanes go to lanes_of_sums[row][sum][tile][lane].
template <typename Shape, int kMostOlds, typename Table>
__global__ void __launch_bounds__(Shape::kThreadsOfBlock, threads_at_once(kMostOlds) / Shape::kThreadsOfBlock)
    residuals_of_tile(PARAFLUX_TABLE(Table) parameter, double* slots, double* lanes_of_sums) {
  static_assert(Shape::kThreadsOfBlock >= Shape::kColumns, "a thread walks down a column");
  __shared__ Batch<Shape> batch;
  // Where a warp has many rows, it reads them side by side.
  const Table& table = Shape::kLanes < kWarp / 2 ? in_memory(parameter) : parameter;
  const int begin = blockIdx.y == 0 ? 0 : table.piece_end[blockIdx.y - 1], end = table.piece_end[blockIdx.y];
  const int history = table.history[blockIdx.y];
  if (Shape::element_of(Shape::kColumns - 1) < table.dim) {
    run_piece<Shape, true, kMostOlds>(table, begin, end, history, slots, lanes_of_sums, batch);
  } else {
    run_piece<Shape, false, kMostOlds>(table, begin, end, history, slots, lanes_of_sums, batch);
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

// A call's launches.
class Launches {
 public:
  Launches(const ParafluxWindows& call, const WindowWalk& walk, void* stream)
      : call_(call), walk_(walk), stream_(stream) {}

  // Enqueues the table that was filled last.
  template <typename Table>
  cudaError_t enqueue(const Table& table, const SumsTable<Table::kRows>& sums) const {
    const bool few_olds = walk_.most_sums <= kFewOlds + 2;
    if constexpr (Table::kRows > Flat::kRows) {
      if (few_olds && walk_.longest > Upright::kRows && are_few<Tall>(call_.dim, walk_.pieces)) {
        return enqueue<Tall, kFewOlds>(table, sums);
      }
      if (walk_.longest > Flat::kRows && are_few<Upright>(call_.dim, walk_.pieces)) {
        return few_olds ? enqueue<Upright, kFewOlds>(table, sums) : enqueue<Upright, kAllOlds>(table, sums);
      }
    }
    return few_olds ? enqueue<Flat, kFewOlds>(table, sums) : enqueue<Flat, kAllOlds>(table, sums);
  }

 private:
  template <typename Shape, int kMostOlds, typename Table>
  cudaError_t enqueue(const Table& table, const SumsTable<Table::kRows>& sums) const {
    const int64_t tiles = window_tiles(call_.dim);
    double* lanes_of_sums = call_.scratch + slot_at(tiles, 2 * walk_.all());
    const dim3 grid(static_cast<unsigned>(tiles * Shape::kParts), static_cast<unsigned>(walk_.pieces));
    const cudaError_t error = launch(residuals_of_tile<Shape, kMostOlds, Table>, grid, Shape::kThreadsOfBlock, stream_,
                                     table, call_.scratch, lanes_of_sums);
    const dim3 each(static_cast<unsigned>(walk_.rows), static_cast<unsigned>(walk_.most_sums));
    return error != cudaSuccess ? error
                                : launch(add_tiles<SumsTable<Table::kRows>>, each, kThreads, stream_, sums, tiles,
                                         static_cast<const double*>(lanes_of_sums), call_.squares, call_.dots);
  }

  const ParafluxWindows& call_;
  const WindowWalk& walk_;
  void* stream_;
};

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
  WindowWalk walk(*call, rows_of_batch(call->dim));
  if (walk.all_estimates() > 0) {
    const EstimateScratch estimates(call->scratch + scratch_of_rows(walk.all(), call->dim), walk.all_estimates(),
                                    call->dim);
    walk.set_outputs(address(estimates.slots), estimates.tiles * kWindowTile * static_cast<int64_t>(sizeof(double)));
    const cudaError_t error = walk.all_estimates() <= UsualEstimates::kEntries
                                  ? enqueue_estimates<UsualEstimates>(*call, estimates, stream)
                                  : enqueue_estimates<ManyEstimates>(*call, estimates, stream);
    if (error != cudaSuccess) {
      return error;
    }
  }
  const Launches launches(*call, walk, stream);
  LargeTable large;
  MiddleTable middle;
  SmallTable small;
  SumsTable<LargeTable::kRows> sums_of_large;
  SumsTable<MiddleTable::kRows> sums_of_middle;
  SumsTable<SmallTable::kRows> sums_of_small;
  while (!walk.done()) {
    walk.fill(large, sums_of_large);
    const cudaError_t error =
        walk.copy(large, sums_of_large, small, sums_of_small)     ? launches.enqueue(small, sums_of_small)
        : walk.copy(large, sums_of_large, middle, sums_of_middle) ? launches.enqueue(middle, sums_of_middle)
                                                                  : launches.enqueue(large, sums_of_large);
    if (error != cudaSuccess) {
      return error;
    }
  }
  return cudaSuccess;
}
