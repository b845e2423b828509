// Programs of rows on the CPU; compiled once per instruction set (isa.h). Block by block of columns, and in a block row
// by row: elements ask of each other across rows only.
#include "paraflux/row_program.h"

#include <float.h>
#include <string.h>

#include "kernel/combination.h"
#include "kernel/isa.h"
#include "kernel/lanes.h"
#include "kernel/pool.h"
#include "kernel/program_rows.h"

namespace paraflux::PARAFLUX_ISA_NAMESPACE {
namespace {

// Columns of a block: as many as keep what neighbouring rows share in the cache, and so many that a walk through rows
// of their own does not start over too often. On rows that come from memory, updates with blocks of a chunk took 1.5
// times as long as without blocks, with blocks of four chunks 1.1 times, with these as long.
constexpr int64_t kBlock = 16 * kChunk;

// The range of a value that is seen. A NaN is neither below nor above it, and stays one.
struct Range {
  float low, high;

  explicit Range(const ParafluxRow& row)
      : low(static_cast<float>(row.seen_low)), high(static_cast<float>(row.seen_high)) {}

  double seen(float value) const {
    const float raised = value < low ? low : value;
    return static_cast<double>(raised > high ? high : raised);
  }
};

// Stores elements of a combination. An output may be one of its inputs, but then element by element the same: no
// iteration depends on another.
template <int kTerms>
double store(const ParafluxRow& row, int64_t begin, int64_t end) {
  const Combination<kTerms> combination(first_term(row));
  float* out = pointer<float>(row.out);
#pragma GCC ivdep
  for (int64_t e = begin; e < end; ++e) {
    out[e] = static_cast<float>(combination.at(e));
  }
  return 0;
}

template <int kTerms>
struct Squares {
  Combination<kTerms> combination;

  void add(int64_t e, int64_t count, double* lanes) const {
    for (int64_t l = 0; l < count; ++l) {
      const double value = combination.at(e + l);
      lanes[l] += value * value;
    }
  }

  __attribute__((always_inline)) void prefetch(int64_t e, int64_t count) const { combination.prefetch(e, count); }
};

template <int kTerms>
double squares(const ParafluxRow& row, int64_t begin, int64_t end) {
  return chunk_sum(Squares<kTerms>{Combination<kTerms>(first_term(row))}, begin, end);
}

template <int kTerms>
struct Changes {
  Combination<kTerms> combination;
  const float* before;
  float* out;
  Range range;

  // An output may be one of its inputs, or what it is compared with, but then element by element the same, and read
  // before it is stored: no iteration depends on another. Copies, because a store through `out` may alias the members
  // as far as the compiler knows, and then it keeps to single values, at half the speed.
  void add(int64_t e, int64_t count, double* lanes) const {
    const Combination<kTerms> sum = combination;
    const Range limits = range;
    const float* old = before + e;
    float* stored = out + e;
#pragma GCC ivdep
    for (int64_t l = 0; l < count; ++l) {
      const double was = limits.seen(old[l]);
      const float is = static_cast<float>(sum.at(e + l));
      stored[l] = is;
      lanes[l] += __builtin_fabs(limits.seen(is) - was);
    }
  }

  __attribute__((always_inline)) void prefetch(int64_t e, int64_t count) const {
    combination.prefetch(e, count);
    paraflux::prefetch(address(before), e, count);
  }
};

template <int kTerms>
double compare(const ParafluxRow& row, int64_t begin, int64_t end) {
  return chunk_sum(Changes<kTerms>{Combination<kTerms>(first_term(row)), pointer<const float>(row.before),
                                   pointer<float>(row.out), Range(row)},
                   begin, end);
}

// What is left of a row of any kind once a tile of its combination is there, all lanes of it.
struct Finish {
  const ParafluxRow& row;
  double lanes[kLanes] = {};

  __attribute__((always_inline)) void prefetch(int64_t begin) const {
    if (asks(row, PARAFLUX_ROW_STORE)) {
      paraflux::prefetch(row.out, begin, kLanes);
    }
    if (asks(row, PARAFLUX_ROW_COMPARE)) {
      paraflux::prefetch(row.before, begin, kLanes);
    }
    if (asks(row, PARAFLUX_ROW_BLEND)) {
      paraflux::prefetch(row.mask, begin, kLanes);
      paraflux::prefetch(row.known, begin, kLanes);
    }
  }

  void add(const double* values, int64_t begin, int64_t count) {
    if (asks(row, PARAFLUX_ROW_SQUARES)) {
      for (int64_t l = 0; l < count; ++l) {
        lanes[l] += values[l] * values[l];
      }
    } else if (asks(row, PARAFLUX_ROW_TOTAL)) {
      for (int64_t l = 0; l < count; ++l) {
        lanes[l] += values[l];
      }
    }
    if (asks(row, PARAFLUX_ROW_STORE)) {
      float stored[kLanes];
      round(values, begin, count, stored);
      if (asks(row, PARAFLUX_ROW_COMPARE)) {
        const Range range(row);
        const float* before = pointer<const float>(row.before) + begin;
        for (int64_t l = 0; l < count; ++l) {
          lanes[l] += __builtin_fabs(range.seen(stored[l]) - range.seen(before[l]));
        }
      }
      memcpy(pointer<float>(row.out) + begin, stored, static_cast<size_t>(count) * sizeof(float));
    }
  }

  void round(const double* values, int64_t begin, int64_t count, float* stored) const {
    if (asks(row, PARAFLUX_ROW_CLAMP)) {
      const double low = row.low, high = row.high, divisor = row.divisor;
      for (int64_t l = 0; l < count; ++l) {
        const double raised = values[l] < low ? low : values[l];
        const double clamped = raised > high ? high : raised;
        stored[l] = static_cast<float>((__builtin_fabs(values[l]) <= DBL_MAX ? clamped : values[l]) / divisor);
      }
    } else if (asks(row, PARAFLUX_ROW_BLEND)) {
      const float* mask = pointer<const float>(row.mask) + begin;
      const float* known = pointer<const float>(row.known) + begin;
      for (int64_t l = 0; l < count; ++l) {
        const double share = static_cast<double>(mask[l]);
        stored[l] = static_cast<float>(share * values[l] + (1 - share) * static_cast<double>(known[l]));
      }
    } else {
      for (int64_t l = 0; l < count; ++l) {
        stored[l] = static_cast<float>(values[l]);
      }
    }
  }
};

template <int kTerms>
double other(const ParafluxRow& row, int64_t begin, int64_t end) {
  const Combination<kTerms> combination(first_term(row));
  Finish finish = {row};
  for (int64_t tile = begin; tile < end; tile += kLanes) {
    const int64_t count = end - tile < kLanes ? end - tile : kLanes;
    double values[kLanes];
    finish.prefetch(tile + kAhead);
    combination.prefetch(tile + kAhead, kLanes);
    for (int64_t l = 0; l < count; ++l) {
      values[l] = combination.at(tile + l);
    }
    finish.add(values, tile, count);
  }
  return fold(finish.lanes);
}

double copy(const ParafluxRow& row, int64_t begin, int64_t end) {
  memcpy(pointer<float>(row.out) + begin, pointer<const float>(first_term(row)->input) + begin,
         static_cast<size_t>(end - begin) * sizeof(float));
  return 0;
}

typedef double Run(const ParafluxRow& row, int64_t begin, int64_t end);

#define PARAFLUX_BY_TERMS(run) \
  { run<1>, run<2>, run<3>, run<4>, run<5>, run<6>, run<7>, run<8>, run<9> }
constexpr Run* kStore[PARAFLUX_MAX_TERMS] = PARAFLUX_BY_TERMS(store);
constexpr Run* kSquares[PARAFLUX_MAX_TERMS] = PARAFLUX_BY_TERMS(squares);
constexpr Run* kCompare[PARAFLUX_MAX_TERMS] = PARAFLUX_BY_TERMS(compare);
constexpr Run* kOther[PARAFLUX_MAX_TERMS] = PARAFLUX_BY_TERMS(other);

// What runs a chunk of a row and returns its sum, if it wants one.
Run* run_of(const ParafluxRow& row) {
  const int terms = terms_of(row) - 1;
  switch (row.kind & ~PARAFLUX_ROW_TERMS) {
    case PARAFLUX_ROW_STORE:
      return kStore[terms];
    case PARAFLUX_ROW_SQUARES:
      return kSquares[terms];
    case PARAFLUX_ROW_STORE | PARAFLUX_ROW_COMPARE:
      return kCompare[terms];
    case PARAFLUX_ROW_STORE | PARAFLUX_ROW_COPY:
      return copy;
    default:
      return kOther[terms];
  }
}

// Columns of a block where blocks are run side by side; 0 where that is not worth it.
int64_t columns_side_by_side(const ParafluxRowProgram& call) {
  if (call.scratch == nullptr || call.rows * call.dim < PARAFLUX_WORTH_THREADS || call.dim < 2 * kChunk) {
    return 0;
  }
  const int64_t threads = pool_threads();
  const int64_t share = (chunks_of(call.dim) + 2 * threads - 1) / (2 * threads) * kChunk;
  return threads == 1 ? 0 : share < kBlock ? share : kBlock;
}

// Runs all rows on a block of columns, which begins a chunk. A chunk's sum is added to the row's, or, where blocks run
// side by side, left in scratch.
void run_columns(const ParafluxRowProgram& call, int64_t begin, int64_t end, bool side_by_side) {
  const int64_t chunks = chunks_of(call.dim);
  const ParafluxRow* row = first_row(call);
  for (int64_t r = 0; r < call.rows; ++r, row = next_row(row)) {
    Run* const run = run_of(*row);
    if (!has_sum(*row)) {
      run(*row, begin, end);
      continue;
    }
    double sum = begin == 0 || side_by_side ? 0.0 : call.sums[r];
    for (int64_t chunk = begin; chunk < end; chunk += kChunk) {
      const double chunk_sum = run(*row, chunk, end - chunk < kChunk ? end : chunk + kChunk);
      if (side_by_side) {
        call.scratch[r * chunks + chunk / kChunk] = chunk_sum;
      } else {
        sum += chunk_sum;
      }
    }
    if (!side_by_side) {
      call.sums[r] = sum;
    }
  }
}

struct Columns {
  const ParafluxRowProgram& call;
  int64_t of_block;
};

void run_block(const void* work, int64_t block) {
  const Columns& columns = *static_cast<const Columns*>(work);
  const int64_t begin = block * columns.of_block, left = columns.call.dim - begin;
  run_columns(columns.call, begin, begin + (left < columns.of_block ? left : columns.of_block), true);
}

void add_chunks(const ParafluxRowProgram& call) {
  const int64_t chunks = chunks_of(call.dim);
  const ParafluxRow* row = first_row(call);
  for (int64_t r = 0; r < call.rows; ++r, row = next_row(row)) {
    if (has_sum(*row)) {
      double sum = 0;
      for (int64_t chunk = 0; chunk < chunks; ++chunk) {
        sum += call.scratch[r * chunks + chunk];
      }
      call.sums[r] = sum;
    }
  }
}

}  // namespace

int row_program(const ParafluxRowProgram* call) {
  const int64_t of_block = columns_side_by_side(*call);
  if (of_block > 0) {
    const Columns columns = {*call, of_block};
    run_blocks((call->dim + of_block - 1) / of_block, run_block, &columns);
    add_chunks(*call);
    return 0;
  }
  for (int64_t begin = 0; begin < call->dim; begin += kBlock) {
    run_columns(*call, begin, call->dim - begin < kBlock ? call->dim : begin + kBlock, false);
  }
  return 0;
}

}  // namespace paraflux::PARAFLUX_ISA_NAMESPACE
