// The public CPU kernels that exist once per instruction set.
#include <assert.h>

#include "kernel/gram_order.h"
#include "kernel/isa.h"
#include "kernel/legal.h"
#include "kernel/sums_order.h"
#include "kernel/window_estimates.h"
#include "kernel/window_plan.h"

#define PARAFLUX_DISPATCH(name, Call)                \
  extern "C" int paraflux_##name(const Call* call) { \
    assert(paraflux::is_legal(*call));               \
    return paraflux::cpu_kernels().name(call);       \
  }
PARAFLUX_KERNELS(PARAFLUX_DISPATCH)
#undef PARAFLUX_DISPATCH

extern "C" int64_t paraflux_row_gram_scratch(int64_t groups, int64_t size, int64_t dim) {
  return groups * paraflux::gram_pairs(static_cast<int>(size)) * paraflux::gram_chunks(dim);
}

extern "C" int64_t paraflux_row_program_scratch(int64_t rows, int64_t dim) { return rows * paraflux::chunks_of(dim); }

extern "C" int64_t paraflux_window_scratch(int64_t rows, int64_t estimates) {
  return paraflux::window_scratch(rows) + paraflux::estimate_scratch(rows, estimates);
}
