// The one list of kernels. From it are made: what is compiled once per instruction set and for CUDA (CMakeLists.txt),
// the tables and the calls of the instruction sets (isa.h, library.cpp), and the twins of a library without CUDA
// (cuda_absent.cpp). A kernel NAME is declared in NAME.h and lives in kernel/NAME.cpp and kernel/NAME.cu.
#pragma once

#include "paraflux/anderson.h"
#include "paraflux/blas_threads.h"
#include "paraflux/common.h"
#include "paraflux/compiled_models.h"
#include "paraflux/cuda.h"
#include "paraflux/library.h"
#include "paraflux/row_gram.h"
#include "paraflux/row_program.h"
#include "paraflux/row_quantile.h"
#include "paraflux/telemetry.h"
#include "paraflux/window_residual.h"

// A name, and the struct of its call.
#define PARAFLUX_KERNELS(KERNEL)            \
  KERNEL(row_program, ParafluxRowProgram)   \
  KERNEL(row_gram, ParafluxRowGram)         \
  KERNEL(row_quantile, ParafluxRowQuantile) \
  KERNEL(window_residual, ParafluxWindows)
