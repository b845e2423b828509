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

// Asks a cache for the terms of a row of a strand, while the row before it runs; a warp for its lines.
template <int kMost>
__device__ void prefetch(const StrandRow& row, int64_t begin, int64_t end) {
  if (threadIdx.x % kWarp != 0) {
    return;
  }
  for (int k = 0; k < terms_of(row); ++k) {
    const float* from = pointer<const float>(first_term(row)[k].input);
#pragma unroll
    for (int i = 0; i < kMost; ++i) {
      const int64_t e = begin + threadIdx.x + i * kLanes;
      if (e < end) {
        paraflux::prefetch(from + e);
      }
    }
  }
}

// A thread's elements of some columns, a lane of a chunk: kMost at most. With kWhole they are all there, and the
// compiler knows.
template <int kMost, bool kWhole>
class Lane {
 public:
  __device__ Lane(int64_t begin, int64_t end)
      : first_(begin + threadIdx.x),
        count_(first_ >= end ? 0 : static_cast<int>((end - first_ + kLanes - 1) / kLanes)) {}

  // Runs the elements of a row, and returns what they add to the row's sum. A plain row neither compares nor blends nor
  // clamps.
  template <int kTerms, bool kPlain>
  __device__ double run(const StrandRow& row) const {
    constexpr int kAtOnce = at_once(kPlain ? kTerms : kTerms + 3, kMost);
    const ParafluxTerm* terms = first_term(row, kPlain);
    double lane = 0;
#pragma unroll 1
    for (int first = 0; first < (kWhole ? kMost : count_); first += kAtOnce) {
      float in[kTerms][kAtOnce], was[kAtOnce], mask[kAtOnce], known[kAtOnce];
#pragma unroll
      for (int k = 0; k < kTerms; ++k) {
        read(terms[k].input, first, in[k]);
      }
      if (!kPlain && asks(row, PARAFLUX_ROW_COMPARE)) {
        read(finish_of(row).before, first, was);
      }
      if (!kPlain && asks(row, PARAFLUX_ROW_BLEND)) {
        read(finish_of(row).mask, first, mask);
        read(finish_of(row).known, first, known);
      }
      double value[kAtOnce];
#pragma unroll
      for (int i = 0; i < kAtOnce; ++i) {
        float values[kTerms];
#pragma unroll
        for (int k = 0; k < kTerms; ++k) {
          values[k] = in[k][i];
        }
        value[i] = combined<kTerms>(terms, values);
      }
      if (asks(row, PARAFLUX_ROW_SQUARES)) {
        each<kAtOnce>(first, [&](int i) { lane = __dadd_rn(lane, __dmul_rn(value[i], value[i])); });
      } else if (asks(row, PARAFLUX_ROW_TOTAL)) {
        each<kAtOnce>(first, [&](int i) { lane = __dadd_rn(lane, value[i]); });
      }
      if (asks(row, PARAFLUX_ROW_STORE)) {
        float* out = pointer<float>(row.out) + first_ + static_cast<int64_t>(first) * kLanes;
        each<kAtOnce>(first, [&](int i) {
          const float is = kPlain ? __double2float_rn(value[i])
                                  : stored(row, value[i], asks(row, PARAFLUX_ROW_BLEND) ? mask[i] : 0.0F,
                                           asks(row, PARAFLUX_ROW_BLEND) ? known[i] : 0.0F);
          out[i * kLanes] = is;
          if (!kPlain && asks(row, PARAFLUX_ROW_COMPARE)) {
            lane = __dadd_rn(lane, fabs(__dsub_rn(seen(finish_of(row), is), seen(finish_of(row), was[i]))));
          }
        });
      }
    }
    return lane;
  }

  // Moves the elements as whole numbers, because a copy must not touch a NaN's bits.
  __device__ void copy(const StrandRow& row) const {
    constexpr int kAtOnce = 4;
    for (int first = 0; first < (kWhole ? kMost : count_); first += kAtOnce) {
      uint32_t bits[kAtOnce];
      read(first_term(row)->input, first, bits);
      uint32_t* to = pointer<uint32_t>(row.out) + first_ + static_cast<int64_t>(first) * kLanes;
      each<kAtOnce>(first, [&](int i) { to[i * kLanes] = bits[i]; });
    }
  }

 private:
  __device__ bool there(int i) const { return kWhole || i < count_; }

  // In place of those past the end the first of them is read again.
  template <typename Value, int kAtOnce>
  __device__ void read(int64_t row, int first, Value (&values)[kAtOnce]) const {
    const Value* from = pointer<const Value>(row) + first_ + static_cast<int64_t>(first) * kLanes;
#pragma unroll
    for (int i = 0; i < kAtOnce; ++i) {
      values[i] = from[there(first + i) ? i * kLanes : 0];
    }
  }

  template <int kAtOnce, typename Body>
  __device__ void each(int first, Body body) const {
#pragma unroll
    for (int i = 0; i < kAtOnce; ++i) {
      if (there(first + i)) {
        body(i);
      }
    }
  }

  int64_t first_;
  int count_;
};

// Runs a strand's rows on some columns. Sums of chunks go to scratch[row][chunk], or where there is but one chunk, to
// their place.
template <int kMost, bool kWhole, typename Table>
__device__ void run_rows(const Table& table, int first, int last, int64_t begin, int64_t end, double* scratch,
                         double* sums) {
  const Lane<kMost, kWhole> lane(begin, end);
  LaneFold fold;
  for (int r = first; r < last; ++r) {
    if (r + 1 < last) {
      prefetch<kMost>(table.row(r + 1), begin, end);
    }
    const StrandRow& row = table.row(r);
    if (asks(row, PARAFLUX_ROW_COPY)) {
      lane.copy(row);
      continue;
    }
    const bool plain = !asks(row, kFinishes);
    double of_lane = 0;
    with_terms(terms_of(row), [&](auto count) {
      constexpr int kTerms = decltype(count)::value;
      of_lane = plain ? lane.template run<kTerms, true>(row) : lane.template run<kTerms, false>(row);
    });
    if (has_sum(row)) {
      const double sum = fold(of_lane);
      if (threadIdx.x == 0) {
        *(gridDim.x == 1 ? sums + table.index[r] : scratch + table.index[r] * gridDim.x + blockIdx.x) = sum;
      }
    }
  }
}

// Registers for so many blocks at once on a processor: fewer than without sums, for a thread has more under way.
constexpr int kSummedBlocks = 2;

// One block a chunk of the columns (x), kMost elements a thread, of a strand (y).
template <int kMost, typename Table>
__global__ void __launch_bounds__(kLanes, kSummedBlocks)
    run_summed(PARAFLUX_TABLE(Table) table, int64_t dim, double* scratch, double* sums) {
  const int64_t begin = blockIdx.x * kChunk;
  const int64_t end = dim - begin < kChunk ? dim : begin + kChunk;
  const int first = blockIdx.y == 0 ? 0 : table.strand_end[blockIdx.y - 1], last = table.strand_end[blockIdx.y];
  if (end - begin == kMost * kLanes) {
    run_rows<kMost, true>(table, first, last, begin, end, scratch, sums);
  } else {
    run_rows<kMost, false>(table, first, last, begin, end, scratch, sums);
  }
}

}  // namespace
}  // namespace paraflux
