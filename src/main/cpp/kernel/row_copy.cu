// Gather and scatter of rows on CUDA.
#include "kernel/cuda_launch.cuh"
#include "paraflux/row_copy.h"

namespace paraflux {
namespace {

struct CopyTable {
  static constexpr int64_t kRows = kTableBytes / 16;

  int64_t from[kRows];
  int64_t to[kRows];
};

// One block row (y) a table row, one thread a unit. Whole numbers, because a copy must not touch a NaN's bits.
template <typename Unit>
__global__ void row_copy(const __grid_constant__ CopyTable table, int64_t units) {
  const int64_t unit = static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  if (unit < units) {
    pointer<Unit>(table.to[blockIdx.y])[unit] = pointer<const Unit>(table.from[blockIdx.y])[unit];
  }
}

}  // namespace
}  // namespace paraflux

extern "C" int paraflux_row_copy_cuda(int64_t rows, int64_t dim, const int64_t* from, const int64_t* to, void* stream) {
  using namespace paraflux;
  CopyTable table;
  for (int64_t first = 0; first < rows; first += CopyTable::kRows) {
    const int64_t count = rows - first < CopyTable::kRows ? rows - first : CopyTable::kRows;
    bool four = dim % 4 == 0;
    for (int64_t r = 0; r < count; ++r) {
      table.from[r] = from[first + r];
      table.to[r] = to[first + r];
      four = four && is_aligned(table.from[r]) && is_aligned(table.to[r]);
    }
    const int64_t units = four ? dim / 4 : dim;
    const dim3 grid(blocks_for(units), static_cast<unsigned>(count));
    const cudaStream_t queue = static_cast<cudaStream_t>(stream);
    if (four) {
      row_copy<uint4><<<grid, kThreads, 0, queue>>>(table, units);
    } else {
      row_copy<uint32_t><<<grid, kThreads, 0, queue>>>(table, units);
    }
    const cudaError_t error = cudaGetLastError();
    if (error != cudaSuccess) {
      return error;
    }
  }
  return cudaSuccess;
}
