// Programs of rows on CUDA: the bits of row_program.cpp. A thread has the same elements of every row, so that rows that
// ask of each other run in order without waiting; those that do not run side by side, as strands (program_strands.h).
#include "kernel/program_summed.cuh"
#include "kernel/program_unsummed.cuh"

namespace paraflux {
namespace {

static_assert(sizeof(ProgramTable) <= kLargeTableBytes, "a launch takes it");

// The rows of a launch whose sums are asked for, in the program.
template <int kRows>
struct SummedRows {
  int32_t row[kRows];
};

// One block, a warp, a row.
template <typename Rows>
__global__ void add_chunks(PARAFLUX_TABLE(Rows) rows, int64_t chunks, const double* scratch, double* sums) {
  const int64_t row = rows.row[blockIdx.x];
  const double sum = add_in_order(chunks, scratch + row * chunks);
  if (threadIdx.x == 0) {
    sums[row] = sum;
  }
}

// Enqueues a table of so many rows.
template <typename Table>
cudaError_t enqueue(const Table& table, int count, const ParafluxRowProgram& call, void* stream) {
  const unsigned strands = static_cast<unsigned>(table.strands);
  if (!table.any_sum) {
    const dim3 grid(static_cast<unsigned>(parts_of(call.dim, kUnsummed)), strands);
    return launch(run_unsummed<Table>, grid, kThreads, stream, table, call.dim);
  }
  const int64_t chunks = chunks_of(call.dim);
  constexpr int kFew = 4;
  const cudaError_t error =
      launch(call.dim <= kFew * kLanes ? run_summed<kFew, Table> : run_summed<kOfChunk, Table>,
             dim3(static_cast<unsigned>(chunks), strands), kLanes, stream, table, call.dim, call.scratch, call.sums);
  if (error != cudaSuccess || chunks == 1) {
    return error;
  }
  SummedRows<Table::kRows> summed;
  unsigned rows = 0;
  for (int r = 0; r < count; ++r) {
    if (has_sum(table.row(r))) {
      summed.row[rows++] = table.index[r];
    }
  }
  return launch(add_chunks<SummedRows<Table::kRows>>, rows, kWarp, stream, summed, chunks,
                static_cast<const double*>(call.scratch), call.sums);
}

}  // namespace
}  // namespace paraflux

extern "C" int paraflux_row_program_cuda(const ParafluxRowProgram* call, int device, void* stream) {
  using namespace paraflux;
  const CurrentDevice current(device);
  if (current.error() != cudaSuccess) {
    return current.error();
  }
  ProgramTable table;
  UsualProgramTable usual;
  SmallProgramTable small;
  const ParafluxRow* next = first_row(*call);
  for (int64_t first = 0; first < call->rows;) {
    const int count = table.fill(next, first, call->rows - first);
    const cudaError_t error = table.copy(count, small)   ? enqueue(small, count, *call, stream)
                              : table.copy(count, usual) ? enqueue(usual, count, *call, stream)
                                                         : enqueue(table, count, *call, stream);
    if (error != cudaSuccess) {
      return error;
    }
    first += count;
  }
  return cudaSuccess;
}
