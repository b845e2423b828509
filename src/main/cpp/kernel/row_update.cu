// Equation (1) on CUDA: the bits of row_update.cpp.
#include "kernel/cuda_launch.cuh"
#include "paraflux/row_update.h"

namespace paraflux {
namespace {

template <int kTerms>
__device__ void update(const TermsTable& table, int row, int64_t e) {
  double sum =
      __dmul_rn(table.coefficients[row][0], static_cast<double>(pointer<const float>(table.inputs[row][0])[e]));
#pragma unroll
  for (int k = 1; k < kTerms; ++k) {
    sum = plus_product(sum, table.coefficients[row][k], pointer<const float>(table.inputs[row][k])[e]);
  }
  pointer<float>(table.out[row])[e] = __double2float_rn(sum);
}

// Four neighbouring elements in one load a term and one store.
template <int kTerms>
__device__ void update_four(const TermsTable& table, int row, int64_t four) {
  float4 in[kTerms];
#pragma unroll
  for (int k = 0; k < kTerms; ++k) {
    in[k] = pointer<const float4>(table.inputs[row][k])[four];
  }
  const double first = table.coefficients[row][0];
  double x = __dmul_rn(first, static_cast<double>(in[0].x));
  double y = __dmul_rn(first, static_cast<double>(in[0].y));
  double z = __dmul_rn(first, static_cast<double>(in[0].z));
  double w = __dmul_rn(first, static_cast<double>(in[0].w));
#pragma unroll
  for (int k = 1; k < kTerms; ++k) {
    const double coefficient = table.coefficients[row][k];
    x = plus_product(x, coefficient, in[k].x);
    y = plus_product(y, coefficient, in[k].y);
    z = plus_product(z, coefficient, in[k].z);
    w = plus_product(w, coefficient, in[k].w);
  }
  pointer<float4>(table.out[row])[four] =
      make_float4(__double2float_rn(x), __double2float_rn(y), __double2float_rn(z), __double2float_rn(w));
}

template <bool kFour, int kTerms = PARAFLUX_MAX_TERMS>
__device__ void update_as(const TermsTable& table, int row, int64_t unit) {
  if (table.terms[row] == kTerms) {
    if constexpr (kFour) {
      update_four<kTerms>(table, row, unit);
    } else {
      update<kTerms>(table, row, unit);
    }
  } else if constexpr (kTerms > 1) {
    update_as<kFour, kTerms - 1>(table, row, unit);
  }
}

// One block row (y) a table row, one thread a unit: an element, or four of them.
template <bool kFour>
__global__ void row_update(const __grid_constant__ TermsTable table, int64_t units) {
  const int64_t unit = static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  if (unit < units) {
    update_as<kFour>(table, static_cast<int>(blockIdx.y), unit);
  }
}

}  // namespace
}  // namespace paraflux

extern "C" int paraflux_row_update_cuda(int64_t rows, int64_t dim, const int64_t* out, const int32_t* terms,
                                        const int64_t* inputs, const double* coefficients, void* stream) {
  using namespace paraflux;
  TermsTable table;
  for (int64_t first = 0; first < rows; first += TermsTable::kRows) {
    const int64_t count = rows - first < TermsTable::kRows ? rows - first : TermsTable::kRows;
    bool four = fill_terms(table, first, count, terms, inputs, coefficients) && dim % 4 == 0;
    for (int64_t r = 0; r < count; ++r) {
      table.out[r] = out[first + r];
      four = four && is_aligned(table.out[r]);
    }
    const int64_t units = four ? dim / 4 : dim;
    const dim3 grid(blocks_for(units), static_cast<unsigned>(count));
    const cudaStream_t queue = static_cast<cudaStream_t>(stream);
    if (four) {
      row_update<true><<<grid, kThreads, 0, queue>>>(table, units);
    } else {
      row_update<false><<<grid, kThreads, 0, queue>>>(table, units);
    }
    const cudaError_t error = cudaGetLastError();
    if (error != cudaSuccess) {
      return error;
    }
  }
  return cudaSuccess;
}
