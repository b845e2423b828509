// Sums of squares on CUDA, in the order of row_norms.h: the bits of row_norms.cpp.
#include "kernel/cuda_launch.cuh"
#include "kernel/norms_order.h"
#include "paraflux/row_norms.h"

namespace paraflux {
namespace {

static_assert(kThreads == kLanes, "a thread is a lane");
constexpr int kWarp = 32;

template <int kTerms>
__device__ double lane_sum(const TermsTable& table, int row, int64_t begin, int64_t end) {
  double lane = 0;
#pragma unroll 4
  for (int64_t e = begin + threadIdx.x; e < end; e += kLanes) {
    double value =
        __dmul_rn(table.coefficients[row][0], static_cast<double>(pointer<const float>(table.inputs[row][0])[e]));
#pragma unroll
    for (int k = 1; k < kTerms; ++k) {
      value = plus_product(value, table.coefficients[row][k], pointer<const float>(table.inputs[row][k])[e]);
    }
    lane = __dadd_rn(lane, __dmul_rn(value, value));
  }
  return lane;
}

template <int kTerms = PARAFLUX_MAX_TERMS>
__device__ double lane_sum_as(const TermsTable& table, int row, int64_t begin, int64_t end) {
  if constexpr (kTerms > 1) {
    if (table.terms[row] != kTerms) {
      return lane_sum_as<kTerms - 1>(table, row, begin, end);
    }
  }
  return lane_sum<kTerms>(table, row, begin, end);
}

// One block a chunk (x) of a table row (y); its sum goes to scratch[row][chunk].
__global__ void chunk_sums(const __grid_constant__ TermsTable table, int64_t dim, double* scratch) {
  __shared__ double lanes[kLanes];
  const int lane = static_cast<int>(threadIdx.x);
  const int64_t begin = blockIdx.x * kChunk;
  const int64_t end = dim - begin < kChunk ? dim : begin + kChunk;
  lanes[lane] = lane_sum_as(table, static_cast<int>(blockIdx.y), begin, end);
  for (int half = kLanes / 2; half > 0; half /= 2) {
    __syncthreads();
    if (lane < half) {
      lanes[lane] = __dadd_rn(lanes[lane], lanes[lane + half]);
    }
  }
  if (lane == 0) {
    scratch[static_cast<int64_t>(blockIdx.y) * gridDim.x + blockIdx.x] = lanes[0];
  }
}

// One warp a row: it loads side by side, and its first thread adds in order.
__global__ void add_chunks(int64_t chunks, const double* scratch, double* sums) {
  __shared__ double loaded[kWarp];
  const int64_t row = blockIdx.x;
  double sum = 0;
  for (int64_t first = 0; first < chunks; first += kWarp) {
    const int count = static_cast<int>(chunks - first < kWarp ? chunks - first : kWarp);
    const int i = static_cast<int>(threadIdx.x);
    if (i < count) {
      loaded[i] = scratch[row * chunks + first + i];
    }
    __syncwarp();
    for (int c = 0; i == 0 && c < count; ++c) {
      sum = __dadd_rn(sum, loaded[c]);
    }
    __syncwarp();
  }
  if (threadIdx.x == 0) {
    sums[row] = sum;
  }
}

}  // namespace
}  // namespace paraflux

extern "C" int paraflux_row_norms_cuda(int64_t rows, int64_t dim, const int32_t* terms, const int64_t* inputs,
                                       const double* coefficients, double* sums, double* scratch, void* stream) {
  using namespace paraflux;
  const int64_t chunks = chunks_of(dim);
  const cudaStream_t queue = static_cast<cudaStream_t>(stream);
  TermsTable table;
  for (int64_t first = 0; first < rows; first += TermsTable::kRows) {
    const int64_t count = rows - first < TermsTable::kRows ? rows - first : TermsTable::kRows;
    fill_terms(table, first, count, terms, inputs, coefficients);
    const dim3 grid(static_cast<unsigned>(chunks), static_cast<unsigned>(count));
    chunk_sums<<<grid, kLanes, 0, queue>>>(table, dim, scratch + first * chunks);
    const cudaError_t error = cudaGetLastError();
    if (error != cudaSuccess) {
      return error;
    }
  }
  if (rows > 0) {
    add_chunks<<<static_cast<unsigned>(rows), kWarp, 0, queue>>>(chunks, scratch, sums);
  }
  return cudaGetLastError();
}
