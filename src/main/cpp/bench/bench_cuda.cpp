// Time and bandwidth of the CUDA twins on the first device, a line of JSON a measurement: microseconds a call, bytes by
// the headers, and the share of the device's own copy of as many bytes, measured in the same way beside it. Calls go
// round several sets of rows that together do not fit the caches, so that rows come from memory as they do after a
// model's call; `enqueue_us` is the host's time for a call. An argument `rows`, `gram`, `quantile`, `window` or
// `sparse` measures that part alone, and a number after it rows of that dim.
#include <cuda_runtime.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>

#include "bench/shapes.h"

namespace {

constexpr int kRepetitions = 7;
constexpr int64_t kSetsBytes = 512LL << 20;  // many times a cache
constexpr double kRepetitionUs = 3000;

void must(int error, const char* what) {
  if (error != cudaSuccess) {
    std::printf("%s: %s\n", what, cudaGetErrorString(static_cast<cudaError_t>(error)));
    std::exit(1);
  }
}

class DeviceMemory {
 public:
  explicit DeviceMemory(int64_t bytes) : bytes_(static_cast<size_t>(bytes)) {
    must(cudaMalloc(&memory_, bytes_), "cudaMalloc");
    must(cudaMemset(memory_, 0, bytes_), "cudaMemset");
  }
  ~DeviceMemory() { cudaFree(memory_); }
  DeviceMemory(const DeviceMemory&) = delete;
  DeviceMemory& operator=(const DeviceMemory&) = delete;

  int64_t address() const { return ::address(memory_); }
  double* doubles() const { return static_cast<double*>(memory_); }
  void fill(const std::vector<float>& values) const {
    for (size_t at = 0; at < bytes_; at += values.size() * sizeof(float)) {
      must(cudaMemcpy(static_cast<char*>(memory_) + at, values.data(),
                      std::min(values.size() * sizeof(float), bytes_ - at), cudaMemcpyHostToDevice),
           "fill");
    }
  }

 private:
  void* memory_ = nullptr;
  size_t bytes_;
};

cudaStream_t stream;
cudaEvent_t begun, ended;

struct Time {
  double call_us, enqueue_us;
};

// Calls run(set) again and again, sets in turn; medians.
Time measure(int64_t sets, const std::function<void(int64_t)>& run) {
  int64_t set = 0;
  const auto repeat = [&](int64_t times) {
    must(cudaEventRecord(begun, stream), "event");
    const auto start = std::chrono::steady_clock::now();
    for (int64_t i = 0; i < times; ++i) {
      run(set++ % sets);
    }
    const std::chrono::duration<double, std::micro> enqueued = std::chrono::steady_clock::now() - start;
    must(cudaEventRecord(ended, stream), "event");
    must(cudaEventSynchronize(ended), "wait");
    float milliseconds = 0;
    must(cudaEventElapsedTime(&milliseconds, begun, ended), "time");
    return Time{static_cast<double>(milliseconds) * 1000 / static_cast<double>(times),
                enqueued.count() / static_cast<double>(times)};
  };
  repeat(3);
  const int64_t times = std::max<int64_t>(3, static_cast<int64_t>(kRepetitionUs / repeat(10).call_us));
  std::vector<double> calls, enqueues;
  for (int i = 0; i < kRepetitions; ++i) {
    const Time time = repeat(times);
    calls.push_back(time.call_us);
    enqueues.push_back(time.enqueue_us);
  }
  std::sort(calls.begin(), calls.end());
  std::sort(enqueues.begin(), enqueues.end());
  return {calls[kRepetitions / 2], enqueues[kRepetitions / 2]};
}

int64_t sets_of(int64_t bytes) { return std::min<int64_t>(256, std::max<int64_t>(2, kSetsBytes / bytes)); }

// Device memory that holds the sets, one after the other, and the copy that work on them is compared with.
void report(const std::string& name, Size size, int64_t bytes, int64_t set_bytes, const DeviceMemory& memory,
            int64_t sets, const std::function<void(int64_t)>& run) {
  const Time ours = measure(sets, run);
  // What a read must move, a copy of it moves too: half is read, half is written.
  const int64_t half = std::min(bytes, set_bytes * sets / 2) / 2;
  const int64_t copies = std::max<int64_t>(1, set_bytes * sets / (2 * half));
  const Time copy = measure(copies, [&](int64_t set) {
    char* from = reinterpret_cast<char*>(memory.address()) + set * 2 * half;
    must(cudaMemcpyAsync(from + half, from, static_cast<size_t>(half), cudaMemcpyDeviceToDevice, stream), "copy");
  });
  std::printf(
      "{\"kernel\": \"%s\", \"rows\": %lld, \"dim\": %lld, \"bytes\": %lld, \"us\": %.2f, \"enqueue_us\": "
      "%.2f, \"GBps\": %.0f, \"copy_us\": %.2f, \"share_of_copy\": %.2f}\n",
      name.c_str(), static_cast<long long>(size.rows), static_cast<long long>(size.dim), static_cast<long long>(bytes),
      ours.call_us, ours.enqueue_us, static_cast<double>(bytes) / ours.call_us / 1e3, copy.call_us,
      copy.call_us / ours.call_us);
  std::fflush(stdout);
}

void run_program(const Program& program, int64_t dim, const DeviceMemory& sums, const DeviceMemory& scratch) {
  const ParafluxRowProgram call = {program.rows, dim, program.words.data(), sums.doubles(), scratch.doubles()};
  must(paraflux_row_program_cuda(&call, 0, stream), "row_program");
}

void measure_rows(Size size) {
  const int64_t set_bytes = size.plane_bytes() * kRowPlanes, sets = sets_of(set_bytes);
  const DeviceMemory memory(set_bytes * sets), sums(2 * size.rows * 8),
      scratch(paraflux_row_program_scratch(2 * size.rows, size.dim) * 8);
  std::vector<std::vector<RowShape>> shapes;
  for (int64_t set = 0; set < sets; ++set) {
    shapes.push_back(row_shapes(size, memory.address() + set * set_bytes));
  }
  for (size_t s = 0; s < shapes[0].size(); ++s) {
    report(shapes[0][s].name, size, size.plane_bytes() * shapes[0][s].planes, set_bytes, memory, sets,
           [&](int64_t set) { run_program(shapes[static_cast<size_t>(set)][s].program, size.dim, sums, scratch); });
  }
}

void measure_quantile(Size size) {
  const int64_t bytes = size.plane_bytes(), sets = sets_of(bytes);
  const DeviceMemory memory(bytes * sets), values(size.rows * 8);
  std::vector<float> rows(static_cast<size_t>(size.rows * size.dim));
  for (size_t e = 0; e < rows.size(); ++e) {
    rows[e] = spread(e);
  }
  memory.fill(rows);
  report("quantile", size, bytes, bytes, memory, sets, [&](int64_t set) {
    const std::vector<ParafluxQuantile> asked = quantiles(size, memory.address() + set * bytes);
    const ParafluxRowQuantile call = {size.rows, size.dim, asked.data(), values.doubles()};
    must(paraflux_row_quantile_cuda(&call, 0, stream), "row_quantile");
  });
}

void measure_gram(Size size, const GramShape& shape) {
  const int64_t bytes = size.plane_bytes() * shape.inputs, sets = sets_of(bytes);
  const int64_t combinations = static_cast<int64_t>(shape.combinations.size());
  const DeviceMemory memory(bytes * sets), sums(size.rows * 28 * 8),
      scratch(paraflux_row_gram_scratch(size.rows, combinations, size.dim) * 8);
  const std::vector<ParafluxCombination> rows = gram_rows(shape, size.rows * sets, size.dim, memory.address());
  report(shape.name, size, bytes, bytes, memory, sets, [&](int64_t set) {
    const ParafluxRowGram call = {size.rows,      size.dim,
                                  combinations,   &rows[static_cast<size_t>(set * size.rows * combinations)],
                                  sums.doubles(), scratch.doubles()};
    must(paraflux_row_gram_cuda(&call, 0, stream), "row_gram");
  });
}

void measure_window(Size size, int64_t history, int64_t order, int64_t apart) {
  const int64_t set_bytes = size.plane_bytes() * WindowShape::planes_of(history), sets = sets_of(set_bytes);
  const DeviceMemory memory(set_bytes * sets), squares(size.rows * 8), dots(size.rows * PARAFLUX_MAX_HISTORY * 8),
      increments(size.rows * 2 * 8), scratch(paraflux_window_scratch_cuda(size.rows, size.rows, size.dim) * 8);
  std::vector<WindowShape> shapes;
  std::vector<Program> updates;
  for (int64_t set = 0; set < sets; ++set) {
    shapes.emplace_back(size, history, order, apart, memory.address() + set * set_bytes);
    updates.push_back(shapes.back().update());
  }
  const auto window = [&](int64_t set) {
    const WindowShape& shape = shapes[static_cast<size_t>(set)];
    const ParafluxWindows call = {1,
                                  size.dim,
                                  &shape.window,
                                  shape.window_rows.data(),
                                  shape.estimates.data(),
                                  squares.doubles(),
                                  dots.doubles(),
                                  increments.doubles(),
                                  scratch.doubles()};
    must(paraflux_window_residual_cuda(&call, 0, stream), "window_residual");
  };
  const std::string sizes = WindowShape::sizes(history, order, apart);
  const int64_t bytes = shapes[0].window_bytes, update_bytes = size.plane_bytes() * (history + 1);
  report("window" + sizes, size, bytes, set_bytes, memory, sets, window);
  report("whole" + sizes, size, bytes + update_bytes, set_bytes, memory, sets, [&](int64_t set) {
    window(set);
    run_program(updates[static_cast<size_t>(set)], size.dim, squares, scratch);
  });
}

}  // namespace

int main(int count, char** arguments) {
  if (paraflux_cuda_device_count() == 0) {
    std::printf("{\"device\": null, \"why\": \"%s\"}\n", paraflux_cuda_message());
    return 0;
  }
  const std::string part = count > 1 ? arguments[1] : "";
  const int64_t dim = count > 2 ? std::atoll(arguments[2]) : 0;
  const auto wanted = [&](const char* name, Size size) {
    return (part.empty() || part == name) && (dim == 0 || dim == size.dim);
  };
  must(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), "stream");
  must(cudaEventCreate(&begun), "event");
  must(cudaEventCreate(&ended), "event");
  std::printf("{\"device\": \"%s\"}\n", paraflux_cuda_message());
  for (const Size size : {Size{100, 784}, Size{25, 16384}, Size{100, 16384}, Size{100, 65536}, Size{28, 262144}}) {
    for (const int64_t order : {20, 100}) {
      if (wanted("window", size) && order < 2 * size.rows) {
        measure_window(size, 3, order, 0);
      }
    }
  }
  for (const int64_t history : {2, 8}) {
    if (wanted("window", {100, 16384})) {
      measure_window({100, 16384}, history, 20, 0);
    }
  }
  for (const Size size : {Size{100, 16384}, Size{1000, 784}}) {
    for (const int64_t apart : {1, 4, 12}) {
      if (wanted("sparse", size)) {
        measure_window(size, 3, size.rows, apart);
      }
    }
  }
  for (const Size size : {Size{64, 784}, Size{64, 16384}, Size{16, 65536}}) {
    for (const GramShape& shape : gram_shapes()) {
      if (wanted("gram", size)) {
        measure_gram(size, shape);
      }
    }
  }
  for (const Size size : {Size{1, 784}, Size{100, 784}, Size{1, 16384}, Size{25, 16384}, Size{100, 16384},
                          Size{100, 65536}, Size{28, 262144}}) {
    if (wanted("rows", size)) {
      measure_rows(size);
    }
    if (wanted("quantile", size)) {
      measure_quantile(size);
    }
  }
  return 0;
}
