// Estimates of windows on CUDA, before the windows' rows are taken: first all nodes, then what lies between them, a
// warp a tile of an estimate.
#pragma once

#include "kernel/cuda_sums.cuh"
#include "kernel/window_order.h"

namespace paraflux {
namespace {

constexpr int kElementsOfLane = kWindowTile / kWindowLanes;
static_assert(kWarp == kWindowLanes, "a thread is a lane of a tile");

// An estimate; before and after it lie nodes. Scratch has a slot for each: d of a node, the output of a row in between.
struct EstimateEntry {
  ParafluxEstimate estimate;
  int32_t node_before;  // of all estimates; kNoNode before the first and after the last one of a window
  int32_t node_after;
};
constexpr int64_t kNoNode = -1;

// Estimates that lie one after the other.
template <int64_t kMostEntries>
struct EstimateTable {
  static constexpr int64_t kEntries = kMostEntries;

  EstimateEntry entries[kEntries];
  int64_t first;  // of all estimates
  int64_t count;
  int64_t dim;
};
constexpr int64_t entries_in(int64_t bytes) { return bytes / static_cast<int64_t>(sizeof(EstimateEntry)) - 1; }
using UsualEstimates = EstimateTable<entries_in(kTableBytes)>;
using ManyEstimates = EstimateTable<entries_in(kLargeTableBytes)>;
static_assert(sizeof(UsualEstimates) <= kTableBytes && sizeof(ManyEstimates) <= kLargeTableBytes, "a launch takes it");

// Walks the estimates of a call, launch by launch.
class EstimateTables {
 public:
  explicit EstimateTables(const ParafluxWindows& call) : call_(call) {}

  // Fills a table with estimates from where the last one stopped; false if there are no more.
  template <typename Table>
  bool fill(Table& table) {
    table.first = at_;
    table.count = 0;
    table.dim = call_.dim;
    while (window_ < call_.count) {
      const int64_t end = first_ + call_.windows[window_].estimates;
      for (; at_ < end; ++at_) {
        if (table.count == Table::kEntries) {
          return true;
        }
        const bool is_node = call_.estimates[at_].output != 0;
        if (at_ >= node_after_) {
          find_node_after(end);
        }
        table.entries[table.count++] = {call_.estimates[at_], static_cast<int32_t>(node_before_),
                                        static_cast<int32_t>(node_after_ < end ? node_after_ : kNoNode)};
        node_before_ = is_node ? at_ : node_before_;
      }
      ++window_;
      first_ = node_after_ = end;
      node_before_ = kNoNode;
    }
    return table.count > 0;
  }

 private:
  void find_node_after(int64_t end) {
    node_after_ = at_ + 1;
    while (node_after_ < end && call_.estimates[node_after_].output == 0) {
      ++node_after_;
    }
  }

  const ParafluxWindows& call_;
  int64_t window_ = 0, first_ = 0, at_ = 0;
  int64_t node_before_ = kNoNode, node_after_ = 0;
};

// What estimates hand on, in scratch: a slot for each, then the sums of tiles.
struct EstimateScratch {
  double* slots;
  int64_t tiles;
  double* sums;

  EstimateScratch(double* memory, int64_t estimates, int64_t dim)
      : slots(memory), tiles(window_tiles(dim)), sums(memory + estimates * tiles * kWindowTile) {}

  static int64_t doubles(int64_t estimates, int64_t dim) { return estimates * window_tiles(dim) * (kWindowTile + 2); }

  PARAFLUX_HOST_DEVICE double* increment(int64_t estimate) const { return slots + estimate * tiles * kWindowTile; }
  PARAFLUX_HOST_DEVICE float* output(int64_t estimate) const { return reinterpret_cast<float*>(increment(estimate)); }
  PARAFLUX_HOST_DEVICE double* sum(int64_t estimate, int which) const { return sums + (estimate * 2 + which) * tiles; }
};

// Calls body(element) for the elements of the thread's lane.
template <typename Body>
__device__ void for_lane(int64_t tile, int64_t dim, Body body) {
#pragma unroll
  for (int s = 0; s < kElementsOfLane; ++s) {
    const int64_t e = tile * kWindowTile + s * kWindowLanes + static_cast<int64_t>(threadIdx.x % kWarp);
    if (e < dim) {
      body(e);
    }
  }
}

__device__ inline double value(int64_t row, int64_t e) { return static_cast<double>(pointer<const float>(row)[e]); }

__device__ inline double brought(double share, const double* before, const double* after, int64_t e) {
  return __dadd_rn(__dmul_rn(__dsub_rn(1.0, share), before[e]), __dmul_rn(share, after[e]));
}

// One warp a tile (x) of an estimate (y), if it is a node.
template <typename Table>
__global__ void __launch_bounds__(kThreads) nodes_of_tile(PARAFLUX_TABLE(Table) table, EstimateScratch scratch) {
  const EstimateEntry& entry = table.entries[blockIdx.y];
  const int64_t index = table.first + blockIdx.y;
  const ParafluxEstimate& node = entry.estimate;
  const int64_t tile = static_cast<int64_t>(blockIdx.x) * (kThreads / kWarp) + threadIdx.x / kWarp;
  if (node.output == 0 || tile >= scratch.tiles) {
    return;
  }
  double* increment = scratch.increment(index);
  double squares = 0;
  for_lane(tile, table.dim, [&](int64_t e) {
    const double told =
        __dadd_rn(__dmul_rn(node.of_state, value(node.x, e)), __dmul_rn(node.of_other, value(node.output, e)));
    const double d = __dsub_rn(told, node.before == 0 ? 0.0 : value(node.before, e));
    pointer<float>(node.after)[e] = __double2float_rn(told);
    increment[e] = d;
    squares = __dadd_rn(squares, __dmul_rn(d, d));
  });
  const double sum = fold_lanes(squares);
  if (threadIdx.x % kWarp == 0) {
    scratch.sum(index, 0)[tile] = sum;
  }
}

// One warp a tile (x) of an estimate (y): what its neighbours say of it.
template <typename Table>
__global__ void __launch_bounds__(kThreads) rows_between(PARAFLUX_TABLE(Table) table, EstimateScratch scratch) {
  const EstimateEntry& entry = table.entries[blockIdx.y];
  const int64_t index = table.first + blockIdx.y;
  const ParafluxEstimate& row = entry.estimate;
  const int64_t tile = static_cast<int64_t>(blockIdx.x) * (kThreads / kWarp) + threadIdx.x / kWarp;
  if (entry.node_before == kNoNode || entry.node_after == kNoNode || tile >= scratch.tiles) {
    return;
  }
  const double *before = scratch.increment(entry.node_before), *after = scratch.increment(entry.node_after);
  if (row.output == 0) {
    float* output = scratch.output(index);
    for_lane(tile, table.dim, [&](int64_t e) {
      const double estimate =
          __dadd_rn(row.before == 0 ? 0.0 : value(row.before, e), brought(row.share, before, after, e));
      pointer<float>(row.after)[e] = __double2float_rn(estimate);
      output[e] =
          __double2float_rn(__dadd_rn(__dmul_rn(row.of_state, value(row.x, e)), __dmul_rn(row.of_other, estimate)));
    });
    return;
  }
  const double* increment = scratch.increment(index);
  double squares = 0;
  for_lane(tile, table.dim, [&](int64_t e) {
    const double error = __dsub_rn(increment[e], brought(row.share, before, after, e));
    squares = __dadd_rn(squares, __dmul_rn(error, error));
  });
  const double sum = fold_lanes(squares);
  if (threadIdx.x % kWarp == 0) {
    scratch.sum(index, 1)[tile] = sum;
  }
}

// One warp an estimate (x) and sum (y), if it is a node.
template <typename Table>
__global__ void __launch_bounds__(kWarp)
    add_increments(PARAFLUX_TABLE(Table) table, EstimateScratch scratch, double* increments) {
  const EstimateEntry& entry = table.entries[blockIdx.x];
  const int64_t index = table.first + blockIdx.x;
  const int which = static_cast<int>(blockIdx.y);
  if (entry.estimate.output == 0) {
    return;
  }
  const bool is_inner = entry.node_before != kNoNode && entry.node_after != kNoNode;
  const double sum = which == 0 || is_inner ? add_in_order(scratch.tiles, scratch.sum(index, which)) : 0;
  if (threadIdx.x == 0) {
    increments[2 * index + which] = sum;
  }
}

template <typename Table>
cudaError_t enqueue_estimates(const ParafluxWindows& call, const EstimateScratch& scratch, void* stream) {
  const unsigned blocks = static_cast<unsigned>(parts_of(scratch.tiles, kThreads / kWarp));
  Table table;
  for (EstimateTables nodes(call); nodes.fill(table);) {
    const cudaError_t error = launch(nodes_of_tile<Table>, dim3(blocks, static_cast<unsigned>(table.count)), kThreads,
                                     stream, table, scratch);
    if (error != cudaSuccess) {
      return error;
    }
  }
  for (EstimateTables all(call); all.fill(table);) {
    const unsigned count = static_cast<unsigned>(table.count);
    cudaError_t error = launch(rows_between<Table>, dim3(blocks, count), kThreads, stream, table, scratch);
    if (error == cudaSuccess) {
      error = launch(add_increments<Table>, dim3(count, 2), kWarp, stream, table, scratch, call.increments);
    }
    if (error != cudaSuccess) {
      return error;
    }
  }
  return cudaSuccess;
}

}  // namespace
}  // namespace paraflux
