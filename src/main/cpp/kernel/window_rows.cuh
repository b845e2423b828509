// What a thread does with one row of a window on CUDA (window_residual.cu).
#pragma once

#include "kernel/cuda_launch.cuh"
#include "kernel/window_table.h"

namespace paraflux {
namespace {

// Scratch: slots of r and R, two for every row at most; then each row's sums, of every tile or of its lanes.
__host__ __device__ inline int64_t slot_at(int64_t tiles, int64_t slot) { return slot * tiles * kWindowTile; }

// What a row brings from memory for a thread's element; 0 where there is none.
struct Inputs {
  float terms[PARAFLUX_MAX_TERMS];
  float x;
  float olds[PARAFLUX_MAX_HISTORY];
  double parent, drop;  // from slots
};

struct Element {
  int64_t e;
  bool inside;

  __device__ float of(int64_t row) const { return inside ? __ldg(pointer<const float>(row) + e) : 0.0F; }
  __device__ void prefetch(int64_t row) const {
    if (inside) {
      paraflux::prefetch(pointer<const float>(row) + e);
    }
  }
};

__device__ inline const ParafluxTerm* terms_of(const TableRow& row, int olds) {
  return reinterpret_cast<const ParafluxTerm*>(olds_of(row) + olds);
}

__device__ inline void load(const TableRow& row, int olds, const Element& element, int64_t tiles, const double* scratch,
                            Inputs& in) {
  const ParafluxTerm* terms = terms_of(row, olds);
  with_terms(row.terms, [&](auto count) {
#pragma unroll
    for (int k = 0; k < decltype(count)::value; ++k) {
      in.terms[k] = element.of(terms[k].input);
    }
  });
  in.x = element.of(row.x);
#pragma unroll
  for (int c = 0; c < PARAFLUX_MAX_HISTORY - 1; ++c) {
    if (c < olds) {
      in.olds[c] = olds_of(row)[c] == 0 ? 0.0F : element.of(olds_of(row)[c]);
    }
  }
  if (row.parent >= 0) {
    in.parent = scratch[slot_at(tiles, row.parent) + element.e];
  }
  if (row.drop >= 0) {
    in.drop = scratch[slot_at(tiles, row.drop) + element.e];
  }
}

__device__ inline void prefetch(const TableRow& row, int olds, const Element& element) {
  const ParafluxTerm* terms = terms_of(row, olds);
  for (int k = 0; k < row.terms; ++k) {
    element.prefetch(terms[k].input);
  }
  element.prefetch(row.x);
  for (int c = 0; c < olds; ++c) {
    if (olds_of(row)[c] != 0) {
      element.prefetch(olds_of(row)[c]);
    }
  }
}

// r and R of the two rows before.
struct Carried {
  double unrolled[kInRegisters] = {}, first_order[kInRegisters] = {};

  __device__ void push(double new_unrolled, double new_first_order) {
    unrolled[1] = unrolled[0];
    first_order[1] = first_order[0];
    unrolled[0] = new_unrolled;
    first_order[0] = new_first_order;
  }
};

__device__ inline double found(int32_t place, const double* carried, double loaded) {
  return place >= 0 ? loaded : place == before(1) ? carried[0] : carried[1];
}

// Computes and stores a row's element, and leaves what it adds to the row's sums.
template <int kBlock>
__device__ void run_row(const TableRow& row, int olds, int sums, const Element& element, int64_t tiles, double* scratch,
                        const Inputs& in, Carried& carried, double (*products)[kBlock]) {
  const ParafluxTerm* terms = terms_of(row, olds);
  double right = 0;
  with_terms(row.terms, [&](auto count) { right = combined<decltype(count)::value>(terms, in.terms); });
  const double first_order = __dsub_rn(right, static_cast<double>(in.x));
  double unrolled = first_order, mapped = right;
  if (row.parent != kNone || row.drop != kNone) {
    double brought = 0;
    if (row.parent != kNone) {
      brought = __dmul_rn(row.factor, found(row.parent, carried.unrolled, in.parent));
    }
    if (row.drop != kNone) {
      const double left = __dmul_rn(row.drop_factor, found(row.drop, carried.first_order, in.drop));
      brought = row.parent != kNone ? __dsub_rn(brought, left) : -left;
    }
    unrolled = __dadd_rn(first_order, brought);
    mapped = __dadd_rn(right, brought);
  }
  carried.push(unrolled, first_order);
  if (row.unrolled != kNone) {
    scratch[slot_at(tiles, row.unrolled) + element.e] = unrolled;
  }
  if (row.first_order != kNone) {
    scratch[slot_at(tiles, row.first_order) + element.e] = first_order;
  }
  const float stored = __double2float_rn(unrolled);
  if (element.inside) {
    pointer<float>(row.residual)[element.e] = stored;
    if (row.map != 0) {
      pointer<float>(row.map)[element.e] = __double2float_rn(mapped);
    }
  }
  const int t = static_cast<int>(threadIdx.x);
  products[0][t] = element.inside ? __dmul_rn(first_order, first_order) : 0.0;
  if (sums > 1) {
    const double mine = static_cast<double>(stored);
    products[1][t] = element.inside ? __dmul_rn(mine, mine) : 0.0;
#pragma unroll
    for (int c = 0; c < PARAFLUX_MAX_HISTORY - 1; ++c) {
      if (c < olds) {
        const bool there = element.inside && olds_of(row)[c] != 0;
        products[2 + c][t] = there ? __dmul_rn(mine, static_cast<double>(in.olds[c])) : 0.0;
      }
    }
  }
}

}  // namespace
}  // namespace paraflux
