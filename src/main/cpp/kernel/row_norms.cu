// Sums of squares on CUDA, in the order of row_norms.h: the bits of row_norms.cpp.
#include "kernel/cuda_sums.cuh"
#include "paraflux/row_norms.h"

namespace paraflux {
namespace {

template <int kTerms>
__device__ double lane_sum(const TermsTable& table, int row, int64_t begin, int64_t end) {
  double lane = 0;
#pragma unroll 4
  for (int64_t e = begin + threadIdx.x; e < end; e += kLanes) {
    const double value = combination<kTerms>(table, row, e);
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

// One block a chunk (x) of a table row (y).
__global__ void chunk_sums(const __grid_constant__ TermsTable table, int64_t dim, double* scratch) {
  const int64_t begin = blockIdx.x * kChunk;
  const int64_t end = dim - begin < kChunk ? dim : begin + kChunk;
  leave_chunk_sum(lane_sum_as(table, static_cast<int>(blockIdx.y), begin, end), scratch);
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
