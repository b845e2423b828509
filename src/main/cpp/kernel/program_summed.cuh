// Rows of a program with sums on CUDA: a block has a chunk of the columns, a thread a lane of the chunk.
#pragma once

#include "kernel/cuda_sums.cuh"
#include "kernel/program_values.cuh"

namespace paraflux {
namespace {

constexpr int kOfChunk = static_cast<int>(kChunk) / kLanes;  // elements of a chunk that a thread has

PARAFLUX_HOST_DEVICE constexpr int at_once(int terms, int most) {
  const int wanted = kLoads / terms;
  return wanted >= most ? most : wanted >= 8 ? 8 : wanted >= 4 ? 4 : wanted >= 2 ? 2 : 1;
}

// Asks a cache for what a row of a strand will read, while the row before it runs; a warp for its lines.
template <int kMost>
__device__ void prefetch(const ParafluxRow& row, int64_t begin, int64_t end) {
  if (threadIdx.x % kWarp != 0) {
    return;
  }
  const auto elements_of = [&](int64_t from) {
#pragma unroll
    for (int i = 0; i < kMost; ++i) {
      const int64_t e = begin + threadIdx.x + i * kLanes;
      if (e < end) {
        paraflux::prefetch(pointer<const float>(from) + e);
      }
    }
  };
  for (int k = 0; k < terms_of(row); ++k) {
    elements_of(first_term(row)[k].input);
  }
}

// Runs a thread's elements of a row, kMost at most, and returns what it adds to the row's sum. A plain row neither
// compares nor blends.
template <int kTerms, int kMost, bool kPlain>
__device__ double lane_sum(const ParafluxRow& row, int64_t begin, int64_t end) {
  constexpr int kAtOnce = at_once(kPlain ? kTerms : kTerms + 3, kMost);
  const ParafluxTerm* terms = first_term(row);
  float* out = pointer<float>(row.out);
  const auto read = [&](bool asked, int64_t from, int64_t e) {
    return !kPlain && asked ? pointer<const float>(from)[e] : 0.0F;
  };
  double lane = 0;
#pragma unroll 1
  for (int64_t first = begin + threadIdx.x; first < end; first += kAtOnce * kLanes) {
    float in[kAtOnce][kTerms], was[kAtOnce], mask[kAtOnce], known[kAtOnce];
#pragma unroll
    for (int i = 0; i < kAtOnce; ++i) {
      const int64_t e = first + i * kLanes;
      const int64_t there = e < end ? e : first;  // past the end the first is read again
#pragma unroll
      for (int k = 0; k < kTerms; ++k) {
        in[i][k] = pointer<const float>(terms[k].input)[there];
      }
      was[i] = read(asks(row, PARAFLUX_ROW_COMPARE), row.before, there);
      mask[i] = read(asks(row, PARAFLUX_ROW_BLEND), row.mask, there);
      known[i] = read(asks(row, PARAFLUX_ROW_BLEND), row.known, there);
    }
#pragma unroll
    for (int i = 0; i < kAtOnce; ++i) {
      const int64_t e = first + i * kLanes;
      if (e < end) {
        const double value = combined<kTerms>(terms, in[i]);
        if (asks(row, PARAFLUX_ROW_SQUARES)) {
          lane = __dadd_rn(lane, __dmul_rn(value, value));
        } else if (asks(row, PARAFLUX_ROW_TOTAL)) {
          lane = __dadd_rn(lane, value);
        }
        if (asks(row, PARAFLUX_ROW_STORE)) {
          const float is = stored(row, value, mask[i], known[i]);
          out[e] = is;
          if (!kPlain && asks(row, PARAFLUX_ROW_COMPARE)) {
            lane = __dadd_rn(lane, fabs(__dsub_rn(seen(row, is), seen(row, was[i]))));
          }
        }
      }
    }
  }
  return lane;
}

// Whole numbers, because a copy must not touch a NaN's bits.
__device__ inline void copy(const ParafluxRow& row, int64_t begin, int64_t end) {
  const uint32_t* from = pointer<const uint32_t>(first_term(row)->input);
  uint32_t* to = pointer<uint32_t>(row.out);
  constexpr int kAtOnce = 4;
  for (int64_t first = begin + threadIdx.x; first < end; first += kAtOnce * kLanes) {
    uint32_t bits[kAtOnce];
#pragma unroll
    for (int i = 0; i < kAtOnce; ++i) {
      const int64_t e = first + i * kLanes;
      bits[i] = from[e < end ? e : first];
    }
#pragma unroll
    for (int i = 0; i < kAtOnce; ++i) {
      const int64_t e = first + i * kLanes;
      if (e < end) {
        to[e] = bits[i];
      }
    }
  }
}

// One block so many columns (x), kMost elements a thread, of a strand (y). Sums of chunks go to scratch[row][chunk], or
// where there is but one chunk, to their place.
template <int kMost, typename Table>
__global__ void __launch_bounds__(kLanes, kBlocks)
    run_summed(PARAFLUX_TABLE(Table) table, int64_t dim, double* scratch, double* sums) {
  const int64_t begin = blockIdx.x * kChunk;
  const int64_t end = dim - begin < kChunk ? dim : begin + kChunk;
  const int first = blockIdx.y == 0 ? 0 : table.strand_end[blockIdx.y - 1], last = table.strand_end[blockIdx.y];
  LaneFold fold;
  for (int r = first; r < last; ++r) {
    if (r + 1 < last) {
      prefetch<kMost>(table.row(r + 1), begin, end);
    }
    const ParafluxRow& row = table.row(r);
    if (asks(row, PARAFLUX_ROW_COPY)) {
      copy(row, begin, end);
      continue;
    }
    double lane = 0;
    const bool plain = !asks(row, PARAFLUX_ROW_COMPARE | PARAFLUX_ROW_BLEND);
    with_terms(terms_of(row), [&](auto count) {
      constexpr int kTerms = decltype(count)::value;
      lane = plain ? lane_sum<kTerms, kMost, true>(row, begin, end) : lane_sum<kTerms, kMost, false>(row, begin, end);
    });
    if (has_sum(row)) {
      const double sum = fold(lane);
      if (threadIdx.x == 0) {
        *(gridDim.x == 1 ? sums + table.index[r] : scratch + table.index[r] * gridDim.x + blockIdx.x) = sum;
      }
    }
  }
}

}  // namespace
}  // namespace paraflux
