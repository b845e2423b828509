// Gram matrices on CUDA, in the order of row_gram.h: the bits of row_gram.cpp.
#include "kernel/cuda_sums.cuh"
#include "kernel/gram_order.h"
#include "paraflux/row_gram.h"

namespace paraflux {
namespace {

constexpr int kMostPairs = gram_pairs(PARAFLUX_MAX_GRAM);
static_assert(kMostPairs * kGramLanes <= kThreads, "a thread is a lane of a pair");
static_assert(kWarp % kGramLanes == 0, "a warp folds the lanes of its pairs");

// Elements of which a block holds the combinations in shared memory. Rows of it are shifted by a lane group, so that
// neighbouring pairs, whose threads read side by side, do not meet in one bank.
constexpr int kGramTile = 512;
constexpr int kPitch = kGramTile + kGramLanes;
constexpr int kAtOnce = kGramTile / kThreads;
static_assert(kGramChunk % kGramTile == 0 && kGramTile % kThreads == 0, "tiles fill chunks, and threads tiles");

// A thread's elements of a combination. Past the end it reads the last element again, and what it leaves is zero, which
// adds nothing to a sum.
template <int kTerms>
__device__ void form(const TermsTable& table, int row, int64_t begin, int64_t end, double* values) {
  double formed[kAtOnce];
#pragma unroll
  for (int i = 0; i < kAtOnce; ++i) {
    const int64_t e = begin + threadIdx.x + i * kThreads;
    formed[i] = combination<kTerms>(table, row, e < end ? e : end - 1);
  }
#pragma unroll
  for (int i = 0; i < kAtOnce; ++i) {
    const int at = static_cast<int>(threadIdx.x) + i * kThreads;
    values[at] = begin + at < end ? formed[i] : 0.0;
  }
}

template <int kTerms = PARAFLUX_MAX_TERMS>
__device__ void form_as(const TermsTable& table, int row, int64_t begin, int64_t end, double* values) {
  if constexpr (kTerms > 1) {
    if (table.terms[row] != kTerms) {
      form_as<kTerms - 1>(table, row, begin, end, values);
      return;
    }
  }
  form<kTerms>(table, row, begin, end, values);
}

// One block a chunk (x) of a group (y); the sums go to scratch[group][pair][chunk].
__global__ void gram_of_chunk(const __grid_constant__ TermsTable table, int size, int64_t dim, double* scratch) {
  __shared__ double combinations[PARAFLUX_MAX_GRAM][kPitch];
  const int pairs = gram_pairs(size), pair = static_cast<int>(threadIdx.x) / kGramLanes;
  const int lane = static_cast<int>(threadIdx.x) % kGramLanes, group = static_cast<int>(blockIdx.y);
  int a = 0, b = pair;
  while (a < size && b >= size) {
    ++a;
    b += a - size;
  }
  const int64_t chunk = blockIdx.x * kGramChunk;
  const int64_t end = dim - chunk < kGramChunk ? dim : chunk + kGramChunk;
  double sum = 0;
  for (int64_t begin = chunk; begin < end; begin += kGramTile) {
    __syncthreads();
    for (int c = 0; c < size; ++c) {
      form_as(table, group * size + c, begin, end, combinations[c]);
    }
    __syncthreads();
    if (pair < pairs) {
#pragma unroll 8
      for (int e = lane; e < kGramTile; e += kGramLanes) {
        sum = __dadd_rn(sum, __dmul_rn(combinations[a][e], combinations[b][e]));
      }
    }
  }
#pragma unroll
  for (int half = kGramLanes / 2; half > 0; half /= 2) {
    sum = __dadd_rn(sum, __shfl_down_sync(0xFFFFFFFF, sum, half, kGramLanes));
  }
  if (pair < pairs && lane == 0) {
    scratch[(static_cast<int64_t>(group) * pairs + pair) * gridDim.x + blockIdx.x] = sum;
  }
}

}  // namespace
}  // namespace paraflux

extern "C" int paraflux_row_gram_cuda(int64_t groups, int32_t size, int64_t dim, const int32_t* terms,
                                      const int64_t* inputs, const double* coefficients, double* sums, double* scratch,
                                      void* stream) {
  using namespace paraflux;
  static_assert(TermsTable::kRows >= PARAFLUX_MAX_GRAM, "a launch takes a group");
  const int64_t chunks = gram_chunks(dim), pairs = gram_pairs(size), most = TermsTable::kRows / size;
  const cudaStream_t queue = static_cast<cudaStream_t>(stream);
  TermsTable table;
  for (int64_t first = 0; first < groups; first += most) {
    const int64_t count = groups - first < most ? groups - first : most;
    fill_terms(table, first * size, count * size, terms, inputs, coefficients);
    const dim3 grid(static_cast<unsigned>(chunks), static_cast<unsigned>(count));
    gram_of_chunk<<<grid, kThreads, 0, queue>>>(table, size, dim, scratch + first * pairs * chunks);
    const cudaError_t error = cudaGetLastError();
    if (error != cudaSuccess) {
      return error;
    }
  }
  if (groups > 0) {
    add_chunks<<<static_cast<unsigned>(groups * pairs), kWarp, 0, queue>>>(chunks, scratch, sums);
  }
  return cudaGetLastError();
}
