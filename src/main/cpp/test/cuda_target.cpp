#include <cuda_runtime.h>

#include <cstdlib>

#include "paraflux/library.h"
#include "paraflux/row_change.h"
#include "paraflux/row_copy.h"
#include "paraflux/row_gram.h"
#include "paraflux/row_norms.h"
#include "paraflux/row_update.h"
#include "paraflux/window_residual.h"
#include "test/check.h"
#include "test/target.h"

namespace {

void must(int error, const char* what) {
  if (error != cudaSuccess) {
    std::printf("%s: %s\n", what, cudaGetErrorString(static_cast<cudaError_t>(error)));
    std::exit(1);
  }
}

// Device memory with an address for the tables.
class DeviceMemory {
 public:
  DeviceMemory(const void* host, size_t bytes) {
    must(cudaMalloc(&memory_, bytes == 0 ? 1 : bytes), "cudaMalloc");
    if (host != nullptr) {
      must(cudaMemcpy(memory_, host, bytes, cudaMemcpyHostToDevice), "copy to the device");
    }
  }
  ~DeviceMemory() { cudaFree(memory_); }
  DeviceMemory(const DeviceMemory&) = delete;
  DeviceMemory& operator=(const DeviceMemory&) = delete;

  void* get() const { return memory_; }
  int64_t address() const { return static_cast<int64_t>(reinterpret_cast<uintptr_t>(memory_)); }
  void read(void* host, size_t bytes) const {
    must(cudaMemcpy(host, memory_, bytes, cudaMemcpyDeviceToHost), "copy from the device");
  }

 private:
  void* memory_ = nullptr;
};

class Cuda : public Target {
 public:
  Cuda() { must(cudaStreamCreate(&stream_), "cudaStreamCreate"); }
  ~Cuda() override { cudaStreamDestroy(stream_); }

  void update(Arena& arena, int64_t dim, const Terms& terms) override {
    const DeviceMemory memory(arena.data(), bytes(arena));
    must(paraflux_row_update_cuda(terms.rows(), dim, addresses(terms.out, memory.address()).data(), terms.counts.data(),
                                  addresses(terms.inputs, memory.address()).data(), terms.coefficients.data(), stream_),
         "row_update");
    finish(arena, memory);
  }

  void copy(Arena& arena, int64_t dim, const std::vector<int64_t>& from, const std::vector<int64_t>& to) override {
    const DeviceMemory memory(arena.data(), bytes(arena));
    must(paraflux_row_copy_cuda(static_cast<int64_t>(from.size()), dim, addresses(from, memory.address()).data(),
                                addresses(to, memory.address()).data(), stream_),
         "row_copy");
    finish(arena, memory);
  }

  std::vector<double> norms(Arena& arena, int64_t dim, const Terms& terms) override {
    std::vector<double> result(terms.counts.size());
    const DeviceMemory memory(arena.data(), bytes(arena)), sums(nullptr, result.size() * sizeof(double)),
        scratch(nullptr, static_cast<size_t>(paraflux_row_norms_scratch(terms.rows(), dim)) * sizeof(double));
    must(paraflux_row_norms_cuda(terms.rows(), dim, terms.counts.data(),
                                 addresses(terms.inputs, memory.address()).data(), terms.coefficients.data(),
                                 static_cast<double*>(sums.get()), static_cast<double*>(scratch.get()), stream_),
         "row_norms");
    finish(arena, memory);
    sums.read(result.data(), result.size() * sizeof(double));
    return result;
  }

  std::vector<double> change(Arena& arena, int64_t dim, const Terms& terms, const std::vector<int64_t>& before,
                             float low, float high) override {
    std::vector<double> result(terms.counts.size());
    const DeviceMemory memory(arena.data(), bytes(arena)), changes(nullptr, result.size() * sizeof(double)),
        scratch(nullptr, static_cast<size_t>(paraflux_row_norms_scratch(terms.rows(), dim)) * sizeof(double));
    const int64_t base = memory.address();
    must(paraflux_row_change_cuda(terms.rows(), dim, addresses(terms.out, base).data(), terms.counts.data(),
                                  addresses(terms.inputs, base).data(), terms.coefficients.data(),
                                  addresses(before, base).data(), low, high, static_cast<double*>(changes.get()),
                                  static_cast<double*>(scratch.get()), stream_),
         "row_change");
    finish(arena, memory);
    changes.read(result.data(), result.size() * sizeof(double));
    return result;
  }

  std::vector<double> gram(Arena& arena, int64_t dim, const Terms& terms, int32_t size) override {
    const int64_t groups = terms.rows() / size;
    std::vector<double> result(static_cast<size_t>(groups * size * (size + 1) / 2));
    const DeviceMemory memory(arena.data(), bytes(arena)), sums(nullptr, result.size() * sizeof(double)),
        scratch(nullptr, static_cast<size_t>(paraflux_row_gram_scratch(groups, size, dim)) * sizeof(double));
    must(paraflux_row_gram_cuda(groups, size, dim, terms.counts.data(),
                                addresses(terms.inputs, memory.address()).data(), terms.coefficients.data(),
                                static_cast<double*>(sums.get()), static_cast<double*>(scratch.get()), stream_),
         "row_gram");
    finish(arena, memory);
    sums.read(result.data(), result.size() * sizeof(double));
    return result;
  }

  WindowSums window(Arena& arena, int64_t dim, const Window& window) override {
    WindowSums result(window.rows());
    const size_t square_bytes = result.squares.size() * sizeof(double);
    const size_t dot_bytes = result.dots.size() * sizeof(double);
    const DeviceMemory memory(arena.data(), bytes(arena)), squares(result.squares.data(), square_bytes),
        dots(result.dots.data(), dot_bytes),
        scratch(nullptr, static_cast<size_t>(paraflux_window_scratch_cuda(window.rows(), dim)) * sizeof(double));
    const int64_t base = memory.address();
    must(paraflux_window_residual_cuda(
             window.rows(), dim, window.terms.counts.data(), addresses(window.terms.inputs, base).data(),
             window.terms.coefficients.data(), addresses(window.x, base).data(), window.parents.data(),
             window.factors.data(), window.drops.data(), window.drop_factors.data(),
             addresses(window.residuals, base).data(), addresses(window.maps, base).data(), window.history,
             addresses(window.olds, base).data(), static_cast<double*>(squares.get()), static_cast<double*>(dots.get()),
             static_cast<double*>(scratch.get()), stream_),
         "window_residual");
    finish(arena, memory);
    squares.read(result.squares.data(), square_bytes);
    dots.read(result.dots.data(), dot_bytes);
    return result;
  }

 private:
  static size_t bytes(const Arena& arena) { return static_cast<size_t>(arena.size()) * sizeof(float); }

  void finish(Arena& arena, const DeviceMemory& memory) {
    must(cudaStreamSynchronize(stream_), "kernel");
    memory.read(arena.data(), bytes(arena));
  }

  cudaStream_t stream_ = nullptr;
};

}  // namespace

std::unique_ptr<Target> make_cuda() {
  if (paraflux_cuda_device_count() == 0) {
    std::printf("skipped: %s\n", paraflux_cuda_message());
    return nullptr;
  }
  return std::make_unique<Cuda>();
}
