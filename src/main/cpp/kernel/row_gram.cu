// Gram matrices on CUDA, in the order of row_gram.h: the bits of row_gram.cpp.
#include <string.h>

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

// Rows `first` and on, as many as one launch takes.
struct GramTable {
  static constexpr int64_t kRows = kTableBytes / static_cast<int64_t>(sizeof(ParafluxCombination));

  ParafluxCombination rows[kRows];
};

// A thread's elements of a combination. Past the end it reads the last element again, and what it leaves is zero, which
// adds nothing to a sum.
template <int kTerms>
__device__ void form(const ParafluxCombination& row, int64_t begin, int64_t end, double* values) {
  double formed[kAtOnce];
#pragma unroll
  for (int i = 0; i < kAtOnce; ++i) {
    const int64_t e = begin + threadIdx.x + i * kThreads;
    formed[i] = combination<kTerms>(row.term, e < end ? e : end - 1);
  }
#pragma unroll
  for (int i = 0; i < kAtOnce; ++i) {
    const int at = static_cast<int>(threadIdx.x) + i * kThreads;
    values[at] = begin + at < end ? formed[i] : 0.0;
  }
}

// One block a chunk (x) of a group (y); the sums go to scratch[group][pair][chunk].
__global__ void gram_of_chunk(PARAFLUX_TABLE(GramTable) table, int size, int64_t dim, double* scratch) {
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
      const ParafluxCombination& row = table.rows[group * size + c];
      with_terms(static_cast<int>(row.terms),
                 [&](auto count) { form<decltype(count)::value>(row, begin, end, combinations[c]); });
    }
    __syncthreads();
    if (pair < pairs) {
#pragma unroll 8
      for (int e = lane; e < kGramTile; e += kGramLanes) {
        sum = __dadd_rn(sum, __dmul_rn(combinations[a][e], combinations[b][e]));
      }
    }
  }
  sum = fold_lanes<kGramLanes>(sum);
  if (pair < pairs && lane == 0) {
    scratch[(static_cast<int64_t>(group) * pairs + pair) * gridDim.x + blockIdx.x] = sum;
  }
}

// One block, a warp, a pair of a group.
__global__ void add_gram_chunks(int64_t chunks, const double* scratch, double* sums) {
  const double sum = add_in_order(chunks, scratch + blockIdx.x * chunks);
  if (threadIdx.x == 0) {
    sums[blockIdx.x] = sum;
  }
}

}  // namespace
}  // namespace paraflux

extern "C" int paraflux_row_gram_cuda(const ParafluxRowGram* call, int device, void* stream) {
  using namespace paraflux;
  const CurrentDevice current(device);
  if (current.error() != cudaSuccess) {
    return current.error();
  }
  static_assert(GramTable::kRows >= PARAFLUX_MAX_GRAM, "a launch takes a group");
  const int size = static_cast<int>(call->size);
  const int64_t chunks = gram_chunks(call->dim), pairs = gram_pairs(size), most = GramTable::kRows / size;
  GramTable table;
  for (int64_t first = 0; first < call->groups; first += most) {
    const int64_t count = call->groups - first < most ? call->groups - first : most;
    memcpy(table.rows, call->rows + first * size, static_cast<size_t>(count * size) * sizeof(ParafluxCombination));
    const dim3 grid(static_cast<unsigned>(chunks), static_cast<unsigned>(count));
    const cudaError_t error =
        launch(gram_of_chunk, grid, kThreads, stream, table, size, call->dim, call->scratch + first * pairs * chunks);
    if (error != cudaSuccess) {
      return error;
    }
  }
  return call->groups == 0 ? cudaSuccess
                           : launch(add_gram_chunks, static_cast<unsigned>(call->groups * pairs), kWarp, stream, chunks,
                                    static_cast<const double*>(call->scratch), call->sums);
}
