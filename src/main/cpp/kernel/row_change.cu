// Equation (1) with the change that it made, on CUDA: the bits of row_change.cpp.
#include "kernel/cuda_sums.cuh"
#include "paraflux/row_change.h"

namespace paraflux {
namespace {

// Rows `first` and on, as many as one launch takes.
struct ChangeTable {
  static constexpr int64_t kRows = (kTableBytes - 8) / (PARAFLUX_MAX_TERMS * 16 + 24);

  int64_t out[kRows];
  int64_t before[kRows];
  int64_t inputs[kRows][PARAFLUX_MAX_TERMS];
  double coefficients[kRows][PARAFLUX_MAX_TERMS];
  int32_t terms[kRows];
  float low;
  float high;
};

static_assert(sizeof(ChangeTable) <= kTableBytes, "a launch takes it");

// A NaN is neither below nor above the limits, and stays one.
__device__ inline double seen(const ChangeTable& table, float value) {
  const float raised = value < table.low ? table.low : value;
  return static_cast<double>(raised > table.high ? table.high : raised);
}

// Loads of later elements must not wait for stores of earlier ones, which may alias them as far as the compiler knows,
// nor for branches. So this many elements are read, in place of those past the end the first again, before any is
// stored; none of them is another's input.
constexpr int kAtOnce = 4;

template <int kTerms>
__device__ double lane_sum(const ChangeTable& table, int row, int64_t begin, int64_t end) {
  const float* before = pointer<const float>(table.before[row]);
  float* out = pointer<float>(table.out[row]);
  double lane = 0;
  for (int64_t first = begin + threadIdx.x; first < end; first += kAtOnce * kLanes) {
    float was[kAtOnce], is[kAtOnce];
#pragma unroll
    for (int i = 0; i < kAtOnce; ++i) {
      const int64_t e = first + i * kLanes;
      const int64_t read = e < end ? e : first;
      was[i] = before[read];
      is[i] = __double2float_rn(combination<kTerms>(table, row, read));
    }
#pragma unroll
    for (int i = 0; i < kAtOnce; ++i) {
      const int64_t e = first + i * kLanes;
      if (e < end) {
        out[e] = is[i];
        lane = __dadd_rn(lane, fabs(__dsub_rn(seen(table, is[i]), seen(table, was[i]))));
      }
    }
  }
  return lane;
}

template <int kTerms = PARAFLUX_MAX_TERMS>
__device__ double lane_sum_as(const ChangeTable& table, int row, int64_t begin, int64_t end) {
  if constexpr (kTerms > 1) {
    if (table.terms[row] != kTerms) {
      return lane_sum_as<kTerms - 1>(table, row, begin, end);
    }
  }
  return lane_sum<kTerms>(table, row, begin, end);
}

// One block a chunk (x) of a table row (y).
__global__ void update_chunks(const __grid_constant__ ChangeTable table, int64_t dim, double* scratch) {
  const int64_t begin = blockIdx.x * kChunk;
  const int64_t end = dim - begin < kChunk ? dim : begin + kChunk;
  leave_chunk_sum(lane_sum_as(table, static_cast<int>(blockIdx.y), begin, end), scratch);
}

}  // namespace
}  // namespace paraflux

extern "C" int paraflux_row_change_cuda(int64_t rows, int64_t dim, const int64_t* out, const int32_t* terms,
                                        const int64_t* inputs, const double* coefficients, const int64_t* before,
                                        float low, float high, double* changes, double* scratch, void* stream) {
  using namespace paraflux;
  const int64_t chunks = chunks_of(dim);
  const cudaStream_t queue = static_cast<cudaStream_t>(stream);
  ChangeTable table;
  table.low = low;
  table.high = high;
  for (int64_t first = 0; first < rows; first += ChangeTable::kRows) {
    const int64_t count = rows - first < ChangeTable::kRows ? rows - first : ChangeTable::kRows;
    fill_terms(table, first, count, terms, inputs, coefficients);
    for (int64_t r = 0; r < count; ++r) {
      table.out[r] = out[first + r];
      table.before[r] = before[first + r];
    }
    const dim3 grid(static_cast<unsigned>(chunks), static_cast<unsigned>(count));
    update_chunks<<<grid, kLanes, 0, queue>>>(table, dim, scratch + first * chunks);
    const cudaError_t error = cudaGetLastError();
    if (error != cudaSuccess) {
      return error;
    }
  }
  if (rows > 0) {
    add_chunks<<<static_cast<unsigned>(rows), kWarp, 0, queue>>>(chunks, scratch, changes);
  }
  return cudaGetLastError();
}
