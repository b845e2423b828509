// The CPU kernels row_update.cpp, row_norms.cpp, row_change.cpp, row_gram.cpp and window_residual.cpp are compiled once
// per instruction set, each time into a namespace of that name. Such code must have no symbol in common with another
// file, for the linker keeps any one copy of an inline function, perhaps the one this CPU cannot run: no standard
// library there, and helpers live in anonymous namespaces.
#pragma once

#include "paraflux/row_change.h"
#include "paraflux/row_gram.h"
#include "paraflux/row_norms.h"
#include "paraflux/row_update.h"
#include "paraflux/window_residual.h"

namespace paraflux {

namespace baseline {
extern decltype(paraflux_row_update) row_update;
extern decltype(paraflux_row_norms) row_norms;
extern decltype(paraflux_row_change) row_change;
extern decltype(paraflux_row_gram) row_gram;
extern decltype(paraflux_window_residual) window_residual;
}  // namespace baseline

namespace avx2 {
extern decltype(paraflux_row_update) row_update;
extern decltype(paraflux_row_norms) row_norms;
extern decltype(paraflux_row_change) row_change;
extern decltype(paraflux_row_gram) row_gram;
extern decltype(paraflux_window_residual) window_residual;
}  // namespace avx2

namespace avx512 {
extern decltype(paraflux_row_update) row_update;
extern decltype(paraflux_row_norms) row_norms;
extern decltype(paraflux_row_change) row_change;
extern decltype(paraflux_row_gram) row_gram;
extern decltype(paraflux_window_residual) window_residual;
}  // namespace avx512

struct CpuKernels {
  const char* isa;
  bool (*cpu_has_it)();
  decltype(&paraflux_row_update) row_update;
  decltype(&paraflux_row_norms) row_norms;
  decltype(&paraflux_row_change) row_change;
  decltype(&paraflux_row_gram) row_gram;
  decltype(&paraflux_window_residual) window_residual;
};

// The kernels in use; the first call chooses them.
const CpuKernels& cpu_kernels();

}  // namespace paraflux
