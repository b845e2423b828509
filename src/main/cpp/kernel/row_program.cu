// Programs of rows on CUDA: the bits of row_program.cpp. A thread has the same elements of every row, so that rows that
// ask of each other run in order without waiting; those that do not run side by side, as strands (program_strands.h).
#include "kernel/cuda_sums.cuh"
#include "kernel/program_strands.h"

namespace paraflux {
namespace {

static_assert(sizeof(ProgramTable) <= kTableBytes, "a launch takes it");

// Loads of later elements must not wait for stores of earlier ones, which may alias them as far as the compiler knows,
// nor for branches. So this many elements are read, in place of those past the end the first again, before any is
// stored; none of them is another's input.
constexpr int kAtOnce = 4;

// Columns that a block has: a chunk where lanes are summed, else fewer, for there may be few chunks.
constexpr int64_t kUnsummed = kAtOnce * kLanes;
static_assert(kChunk % kUnsummed == 0, "blocks fill chunks");

__device__ inline bool asks(const ParafluxRow& row, int64_t what) { return (row.kind & what) != 0; }

// A NaN is neither below nor above the limits, and stays one.
__device__ inline double seen(const ParafluxRow& row, float value) {
  const float low = __double2float_rn(row.seen_low), high = __double2float_rn(row.seen_high);
  const float raised = value < low ? low : value;
  return static_cast<double>(raised > high ? high : raised);
}

__device__ inline float stored(const ParafluxRow& row, double value, float mask, float known) {
  if (asks(row, PARAFLUX_ROW_CLAMP)) {
    const double raised = value < row.low ? row.low : value;
    const double clamped = raised > row.high ? row.high : raised;
    return __double2float_rn(__ddiv_rn(isfinite(value) ? clamped : value, row.divisor));
  }
  if (asks(row, PARAFLUX_ROW_BLEND)) {
    const double share = static_cast<double>(mask);
    return __double2float_rn(
        __dadd_rn(__dmul_rn(share, value), __dmul_rn(__dsub_rn(1.0, share), static_cast<double>(known))));
  }
  return __double2float_rn(value);
}

// Runs a thread's elements of a row, and returns what it adds to the row's sum.
template <int kTerms>
__device__ double lane_sum(const ParafluxRow& row, int64_t begin, int64_t end) {
  const float* before = pointer<const float>(row.before);
  const float* masks = pointer<const float>(row.mask);
  const float* knowns = pointer<const float>(row.known);
  float* out = pointer<float>(row.out);
  double lane = 0;
  for (int64_t first = begin + threadIdx.x; first < end; first += kAtOnce * kLanes) {
    double value[kAtOnce];
    float was[kAtOnce], mask[kAtOnce], known[kAtOnce];
#pragma unroll
    for (int i = 0; i < kAtOnce; ++i) {
      const int64_t e = first + i * kLanes;
      const int64_t read = e < end ? e : first;
      value[i] = combination<kTerms>(first_term(row), read);
      was[i] = asks(row, PARAFLUX_ROW_COMPARE) ? before[read] : 0.0F;
      mask[i] = asks(row, PARAFLUX_ROW_BLEND) ? masks[read] : 0.0F;
      known[i] = asks(row, PARAFLUX_ROW_BLEND) ? knowns[read] : 0.0F;
    }
#pragma unroll
    for (int i = 0; i < kAtOnce; ++i) {
      const int64_t e = first + i * kLanes;
      if (e < end) {
        if (asks(row, PARAFLUX_ROW_SQUARES)) {
          lane = __dadd_rn(lane, __dmul_rn(value[i], value[i]));
        } else if (asks(row, PARAFLUX_ROW_TOTAL)) {
          lane = __dadd_rn(lane, value[i]);
        }
        if (asks(row, PARAFLUX_ROW_STORE)) {
          const float is = stored(row, value[i], mask[i], known[i]);
          out[e] = is;
          if (asks(row, PARAFLUX_ROW_COMPARE)) {
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

// One block so many columns (x) of a strand (y). Sums of chunks go to scratch[row][chunk].
__global__ void run_strand(PARAFLUX_TABLE(ProgramTable) table, int64_t dim, int64_t columns, double* scratch) {
  const int64_t begin = blockIdx.x * columns;
  const int64_t end = dim - begin < columns ? dim : begin + columns;
  const int first = blockIdx.y == 0 ? 0 : table.strand_end[blockIdx.y - 1], last = table.strand_end[blockIdx.y];
  for (int r = first; r < last; ++r) {
    const ParafluxRow& row = table.row(r);
    if (asks(row, PARAFLUX_ROW_COPY)) {
      copy(row, begin, end);
      continue;
    }
    double lane = 0;
    with_terms(terms_of(row), [&](auto count) { lane = lane_sum<decltype(count)::value>(row, begin, end); });
    if (has_sum(row)) {
      const double sum = fold_lanes(lane);
      if (threadIdx.x == 0) {
        scratch[table.index[r] * static_cast<int64_t>(gridDim.x) + blockIdx.x] = sum;
      }
    }
  }
}

// One block, a warp, a row of the launch.
__global__ void add_chunks(PARAFLUX_TABLE(ProgramTable) table, int64_t chunks, const double* scratch, double* sums) {
  if (!has_sum(table.row(static_cast<int>(blockIdx.x)))) {
    return;
  }
  const int64_t row = table.index[blockIdx.x];
  const double sum = add_in_order(chunks, scratch + row * chunks);
  if (threadIdx.x == 0) {
    sums[row] = sum;
  }
}

}  // namespace
}  // namespace paraflux

extern "C" int paraflux_row_program_cuda(const ParafluxRowProgram* call, int device, void* stream) {
  using namespace paraflux;
  const CurrentDevice current(device);
  const int64_t chunks = chunks_of(call->dim);
  if (current.error() != cudaSuccess) {
    return current.error();
  }
  ProgramTable table;
  const ParafluxRow* next = first_row(*call);
  for (int64_t first = 0; first < call->rows;) {
    const int count = table.fill(next, first, call->rows - first);
    const int64_t columns = table.any_sum ? kChunk : kUnsummed;
    const dim3 grid(static_cast<unsigned>((call->dim + columns - 1) / columns), static_cast<unsigned>(table.strands));
    cudaError_t error = launch(run_strand, grid, kLanes, stream, table, call->dim, columns, call->scratch);
    if (error == cudaSuccess && table.any_sum) {
      error = launch(add_chunks, static_cast<unsigned>(count), kWarp, stream, table, chunks,
                     static_cast<const double*>(call->scratch), call->sums);
    }
    if (error != cudaSuccess) {
      return error;
    }
    first += count;
  }
  return cudaSuccess;
}
