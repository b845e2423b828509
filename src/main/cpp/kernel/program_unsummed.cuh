// Rows of a program without sums on CUDA: a thread has four neighbours, which it reads and stores at once where the
// rows' places allow it. A row that lies elsewhere does not slow the others.
#pragma once

#include "kernel/program_values.cuh"

namespace paraflux {
namespace {

constexpr int kWide = 4;
constexpr int kVectors = 2;
constexpr int64_t kUnsummed = kVectors * kWide * kThreads;

// Four neighbours, as whole numbers and as values.
union Four {
  uint4 bits;
  float value[kWide];
};

struct Neighbours {
  int64_t e;
  int count;  // of them that there are
  bool wide;  // read and stored at once

  __device__ Four of(int64_t row) const {
    Four read = {};
    if (wide) {
      read.bits = *reinterpret_cast<const uint4*>(pointer<const float>(row) + e);
    } else {
#pragma unroll
      for (int i = 0; i < kWide; ++i) {
        read.value[i] = i < count ? pointer<const float>(row)[e + i] : 0.0F;
      }
    }
    return read;
  }

  __device__ void store(int64_t row, const Four& four) const {
    if (wide) {
      *reinterpret_cast<uint4*>(pointer<float>(row) + e) = four.bits;
    } else {
#pragma unroll
      for (int i = 0; i < kWide; ++i) {
        if (i < count) {
          pointer<float>(row)[e + i] = four.value[i];
        }
      }
    }
  }
};

// Whether all that a row touches begins where four values are read at once.
__device__ inline bool is_aligned(const StrandRow& row) {
  int64_t all = row.out;
  for (int k = 0; k < terms_of(row); ++k) {
    all |= first_term(row)[k].input;
  }
  if (asks(row, PARAFLUX_ROW_BLEND)) {
    all |= finish_of(row).mask | finish_of(row).known;
  }
  return all % static_cast<int64_t>(sizeof(Four)) == 0;
}

// Adds terms of a row to the sums of neighbours, first those whose values a thread has room for; so on with the others.
template <int kTerms, int kAtOnce>
__device__ void add_terms(const ParafluxTerm* terms, bool first, const Neighbours (&at)[kAtOnce],
                          double (&sums)[kAtOnce][kWide]) {
  constexpr int kNow = kTerms < kLoads / kWide ? kTerms : kLoads / kWide;
  Four in[kAtOnce][kNow];
#pragma unroll
  for (int v = 0; v < kAtOnce; ++v) {
#pragma unroll
    for (int k = 0; k < kNow; ++k) {
      in[v][k] = at[v].of(terms[k].input);
    }
  }
#pragma unroll
  for (int v = 0; v < kAtOnce; ++v) {
#pragma unroll
    for (int i = 0; i < kWide; ++i) {
#pragma unroll
      for (int k = 0; k < kNow; ++k) {
        sums[v][i] = first && k == 0 ? __dmul_rn(terms[0].coefficient, static_cast<double>(in[v][0].value[i]))
                                     : plus_product(sums[v][i], terms[k].coefficient, in[v][k].value[i]);
      }
    }
  }
  if constexpr (kNow < kTerms) {
    add_terms<kTerms - kNow>(terms + kNow, false, at, sums);
  }
}

template <int kTerms>
__device__ void store_row(const StrandRow& row, int64_t begin, int64_t dim, bool aligned) {
  constexpr int kAtOnce = kTerms * kWide <= kLoads / kVectors ? kVectors : 1;
  const ParafluxTerm* terms = first_term(row);
#pragma unroll 1
  for (int64_t first = begin + threadIdx.x * kWide; first < begin + kUnsummed && first < dim;
       first += kAtOnce * kThreads * kWide) {
    Neighbours at[kAtOnce];
#pragma unroll
    for (int v = 0; v < kAtOnce; ++v) {
      const int64_t e = first + v * kThreads * kWide, left = dim - e;
      at[v] = {e, static_cast<int>(left < 0 ? 0 : left < kWide ? left : kWide), aligned && left >= kWide};
    }
    if (asks(row, PARAFLUX_ROW_COPY)) {
      Four copied[kAtOnce];
#pragma unroll
      for (int v = 0; v < kAtOnce; ++v) {
        copied[v] = at[v].of(terms[0].input);
      }
#pragma unroll
      for (int v = 0; v < kAtOnce; ++v) {
        at[v].store(row.out, copied[v]);
      }
      continue;
    }
    double sums[kAtOnce][kWide];
    add_terms<kTerms>(terms, true, at, sums);
    Four mask[kAtOnce] = {}, known[kAtOnce] = {};
    if (asks(row, PARAFLUX_ROW_BLEND)) {
#pragma unroll
      for (int v = 0; v < kAtOnce; ++v) {
        mask[v] = at[v].of(finish_of(row).mask);
        known[v] = at[v].of(finish_of(row).known);
      }
    }
#pragma unroll
    for (int v = 0; v < kAtOnce; ++v) {
      Four out;
#pragma unroll
      for (int i = 0; i < kWide; ++i) {
        out.value[i] = stored(row, sums[v][i], mask[v].value[i], known[v].value[i]);
      }
      at[v].store(row.out, out);
    }
  }
}

// Registers for so many blocks at once on a processor: memory is waited for by many threads, or in vain.
constexpr int kUnsummedBlocks = 4;

// One block so many columns (x) of a strand (y) without sums.
template <typename Table>
__global__ void __launch_bounds__(kThreads, kUnsummedBlocks) run_unsummed(PARAFLUX_TABLE(Table) table, int64_t dim) {
  const int first = blockIdx.y == 0 ? 0 : table.strand_end[blockIdx.y - 1], last = table.strand_end[blockIdx.y];
  for (int r = first; r < last; ++r) {
    const StrandRow& row = table.row(r);
    const bool aligned = is_aligned(row);
    with_terms(terms_of(row),
               [&](auto count) { store_row<decltype(count)::value>(row, blockIdx.x * kUnsummed, dim, aligned); });
  }
}

}  // namespace
}  // namespace paraflux
