#include <cuda_runtime.h>

#include <cstdlib>

#include "paraflux/library.h"
#include "test/check.h"
#include "test/cuda_calls.h"
#include "test/target.h"

namespace {

void must(int error, const char* what) {
  if (error != cudaSuccess) {
    std::printf("%s: %s\n", what, cudaGetErrorString(static_cast<cudaError_t>(error)));
    std::exit(1);
  }
}

constexpr int kDevice = 0;

// One that does not wait for the default stream: what is enqueued there by mistake shows.
class Stream {
 public:
  Stream() { must(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking), "cudaStreamCreateWithFlags"); }
  ~Stream() { cudaStreamDestroy(stream_); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  cudaStream_t get() const { return stream_; }
  void wait(const char* what) const { must(cudaStreamSynchronize(stream_), what); }

 private:
  cudaStream_t stream_ = nullptr;
};

// Device memory with an address for the tables; copied to and from on the stream.
class DeviceMemory {
 public:
  DeviceMemory(const Stream& stream, const void* host, size_t bytes) : stream_(stream) {
    must(cudaMalloc(&memory_, bytes == 0 ? 1 : bytes), "cudaMalloc");
    if (host != nullptr) {
      must(cudaMemcpyAsync(memory_, host, bytes, cudaMemcpyHostToDevice, stream.get()), "copy to the device");
    }
  }
  ~DeviceMemory() { cudaFree(memory_); }
  DeviceMemory(const DeviceMemory&) = delete;
  DeviceMemory& operator=(const DeviceMemory&) = delete;

  double* doubles() const { return static_cast<double*>(memory_); }
  int64_t address() const { return static_cast<int64_t>(reinterpret_cast<uintptr_t>(memory_)); }
  void read(void* host, size_t bytes) const {
    must(cudaMemcpyAsync(host, memory_, bytes, cudaMemcpyDeviceToHost, stream_.get()), "copy from the device");
    stream_.wait("copy from the device");
  }

 private:
  const Stream& stream_;
  void* memory_ = nullptr;
};

class Calls : public CudaCalls {
 public:
  int devices() override { return paraflux_cuda_device_count(); }

  int current_device() override {
    int device = -1;
    must(cudaGetDevice(&device), "cudaGetDevice");
    return device;
  }

  void leave_error() override { cudaSetDevice(-1); }
  int error_left() override { return cudaGetLastError(); }
#ifdef PARAFLUX_EMULATED
  std::vector<int64_t> launched() override {
    const emulation::Launched found = emulation::launched();
    return {found.launches, found.bytes};
  }
  int graphs_left() override { return emulation::graphs_left(); }
#else
  std::vector<int64_t> launched() override { return {0, 0}; }
  int graphs_left() override { return 0; }
#endif

  std::vector<int> errors_on_device(int device) override {
    const int before = current_device();
    must(cudaSetDevice(device >= 0 && device < devices() ? device : 0), "cudaSetDevice");
    const Stream stream;
    const float values[] = {1, 2, 3, 4, 5, 6, 7, 8};
    const DeviceMemory rows(stream, values, sizeof values), results(stream, nullptr, 128 * sizeof(double)),
        scratch(stream, nullptr, 8192 * sizeof(double));
    stream.wait("copies");
    must(cudaSetDevice(before), "cudaSetDevice");
    const int64_t row = rows.address();
    const ParafluxCombination one = {1, {{row, 1}}};
    std::vector<int64_t> words(PARAFLUX_ROW_WORDS + PARAFLUX_TERM_WORDS, 0);
    words[0] = PARAFLUX_ROW_SQUARES | 1;
    words[PARAFLUX_ROW_WORDS] = row;
    const ParafluxRowProgram program = {1, 2, words.data(), results.doubles(), scratch.doubles()};
    const ParafluxRowGram gram = {1, 2, 1, &one, results.doubles() + 8, scratch.doubles()};
    const ParafluxQuantile asked = {row, 0.5};
    const ParafluxRowQuantile quantile = {1, 2, &asked, results.doubles() + 16};
    const ParafluxWindow window = {1, 0, 0, 0, 1};
    const ParafluxEstimate estimate = {row, 0, row + 16, row + 24, 1, 1, 0};
    const ParafluxWindowRow window_row = {row, row + 8, 0, -1, 0, -1, 0, {}, one};
    const ParafluxWindows windows = {1,
                                     2,
                                     &window,
                                     &window_row,
                                     &estimate,
                                     results.doubles() + 24,
                                     results.doubles() + 32,
                                     results.doubles() + 48,
                                     scratch.doubles() + 4096};
    const std::vector<int> errors = {paraflux_row_program_cuda(&program, device, stream.get()),
                                     paraflux_row_gram_cuda(&gram, device, stream.get()),
                                     paraflux_row_quantile_cuda(&quantile, device, stream.get()),
                                     paraflux_window_residual_cuda(&windows, device, stream.get())};
    stream.wait("kernels");
    return errors;
  }
};

class Cuda : public Target {
 public:
  std::vector<double> run(Arena& arena, int64_t dim, const Program& program) override {
    const int64_t rows = static_cast<int64_t>(program.size());
    std::vector<double> result(program.size(), kUntouched);
    const DeviceMemory memory(stream_, arena.data(), bytes(arena)), sums(stream_, result.data(), bytes(result)),
        scratch(stream_, nullptr, static_cast<size_t>(paraflux_row_program_scratch(rows, dim)) * sizeof(double));
    const std::vector<int64_t> words = words_of(program, memory.address());
    const ParafluxRowProgram call = {rows, dim, words.data(), sums.doubles(), scratch.doubles()};
    must(paraflux_row_program_cuda(&call, kDevice, stream_.get()), "row_program");
    finish(arena, memory);
    sums.read(result.data(), bytes(result));
    return result;
  }

  std::vector<double> gram(Arena& arena, int64_t dim, const Terms& terms, int32_t size) override {
    const int64_t groups = terms.rows() / size;
    std::vector<double> result(static_cast<size_t>(groups * size * (size + 1) / 2));
    const DeviceMemory memory(stream_, arena.data(), bytes(arena)), sums(stream_, nullptr, bytes(result)),
        scratch(stream_, nullptr, static_cast<size_t>(paraflux_row_gram_scratch(groups, size, dim)) * sizeof(double));
    const std::vector<ParafluxCombination> rows = combinations_of(terms, memory.address());
    const ParafluxRowGram call = {groups, dim, size, rows.data(), sums.doubles(), scratch.doubles()};
    must(paraflux_row_gram_cuda(&call, kDevice, stream_.get()), "row_gram");
    finish(arena, memory);
    sums.read(result.data(), bytes(result));
    return result;
  }

  std::vector<double> quantiles(Arena& arena, int64_t dim, const std::vector<Quantile>& quantiles) override {
    std::vector<double> result(quantiles.size());
    const DeviceMemory memory(stream_, arena.data(), bytes(arena)), values(stream_, nullptr, bytes(result));
    const std::vector<ParafluxQuantile> asked = quantiles_of(quantiles, memory.address());
    const ParafluxRowQuantile call = {static_cast<int64_t>(asked.size()), dim, asked.data(), values.doubles()};
    must(paraflux_row_quantile_cuda(&call, kDevice, stream_.get()), "row_quantile");
    finish(arena, memory);
    values.read(result.data(), bytes(result));
    return result;
  }

  WindowSums windows(Arena& arena, int64_t dim, const std::vector<Window>& windows) override {
    const DeviceMemory memory(stream_, arena.data(), bytes(arena));
    const WindowTables tables = tables_of(windows, memory.address());
    WindowSums result = tables.sums();
    const int64_t scratch_doubles = paraflux_window_scratch_cuda(static_cast<int64_t>(tables.rows.size()),
                                                                 static_cast<int64_t>(tables.estimates.size()), dim);
    const DeviceMemory squares(stream_, result.squares.data(), bytes(result.squares)),
        dots(stream_, result.dots.data(), bytes(result.dots)),
        increments(stream_, result.increments.data(), bytes(result.increments)),
        scratch(stream_, nullptr, static_cast<size_t>(scratch_doubles) * sizeof(double));
    const ParafluxWindows call = {static_cast<int64_t>(windows.size()),
                                  dim,
                                  tables.windows.data(),
                                  tables.rows.data(),
                                  tables.estimates.data(),
                                  squares.doubles(),
                                  dots.doubles(),
                                  increments.doubles(),
                                  scratch.doubles()};
    must(paraflux_window_residual_cuda(&call, kDevice, stream_.get()), "window_residual");
    finish(arena, memory);
    squares.read(result.squares.data(), bytes(result.squares));
    dots.read(result.dots.data(), bytes(result.dots));
    increments.read(result.increments.data(), bytes(result.increments));
    return result;
  }

  CudaCalls* cuda_calls() override { return &calls_; }

 private:
  static size_t bytes(const std::vector<double>& values) { return values.size() * sizeof(double); }
  static size_t bytes(const Arena& arena) { return static_cast<size_t>(arena.size()) * sizeof(float); }

  void finish(Arena& arena, const DeviceMemory& memory) {
    stream_.wait("kernel");
    memory.read(arena.data(), bytes(arena));
  }

  Stream stream_;
  Calls calls_;
};

}  // namespace

std::unique_ptr<Target> make_cuda() {
  if (paraflux_cuda_device_count() == 0) {
    std::printf("skipped: %s\n", paraflux_cuda_message());
    return nullptr;
  }
  return std::make_unique<Cuda>();
}
