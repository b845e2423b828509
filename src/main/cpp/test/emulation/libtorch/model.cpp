// A package's library that AOTInductor could have written: it answers x, by way of memory of libtorch's, with a weight
// in the place of each row's first value. x is [rows, 2, 3, 5], t is [rows], and there are 64 rows at most.
#include <torch/csrc/inductor/aoti_include/cuda.h>

#include <stdexcept>
#include <string>

CACHE_TORCH_DTYPE(float32);
CACHE_TORCH_DEVICE(cuda);
CACHE_TORCH_LAYOUT(strided);

// 64 values, of which the first is 0.25.
alignas(64) uint8_t _binary_constants_bin_start[256] = {0, 0, 0x80, 0x3E};
uint8_t _binary_constants_bin_end[1];

namespace torch::aot_inductor {
namespace {

constexpr int64_t kValues = 30, kMostRows = 64;

class AOTInductorModelKernels : public AOTInductorModelKernelsBase {};

void check(AtenTensorHandle input, int number, int64_t dims, int32_t device) {
  const std::string which = "input_handles[" + std::to_string(number) + "]: ";
  int32_t type = 0, found = 0;
  int64_t dim = 0, *sizes = nullptr;
  AOTI_TORCH_ERROR_CODE_CHECK(aoti_torch_get_dtype(input, &type));
  AOTI_TORCH_ERROR_CODE_CHECK(aoti_torch_get_dim(input, &dim));
  AOTI_TORCH_ERROR_CODE_CHECK(aoti_torch_get_sizes(input, &sizes));
  AOTI_TORCH_ERROR_CODE_CHECK(aoti_torch_get_device_type(input, &found));
  if (type != cached_torch_dtype_float32 || dim != dims || found != device) {
    throw std::runtime_error(which + "unmatched dtype, dimensions or device type");
  }
  if (sizes[0] > kMostRows) {
    throw std::runtime_error(which + "dim value is too large at 0");
  }
}

}  // namespace

AOTInductorModel::AOTInductorModel(std::shared_ptr<ConstantMap> constants_map,
                                   std::shared_ptr<std::vector<ConstantHandle>> constants_array,
                                   const std::string& device_str, std::optional<std::string> cubin_dir)
    : AOTInductorModelBase(2, 1, 1, device_str, std::move(cubin_dir), true) {
  inputs_info_[0].name = "x";
  inputs_info_[1].name = "t";
  outputs_info_[0].name = "output0";
  constants_info_[0].name = constants_info_[0].original_fqn = "weight";
  constants_info_[0].dtype = cached_torch_dtype_float32;
  constants_info_[0].device_type = cached_torch_device_type_cuda;
  constants_info_[0].offset = 0;
  constants_info_[0].data_size = sizeof _binary_constants_bin_start;
  constants_info_[0].from_folded = false;
  constants_info_[0].type = static_cast<int32_t>(ConstantType::Parameter);
  constants_info_[0].shape = {64};
  constants_info_[0].stride = {1};
  constants_info_[0].layout = static_cast<int32_t>(cached_torch_layout_strided);
  update_constants_map(std::move(constants_map));
  update_constants_array(std::move(constants_array));
  kernels_ = std::make_unique<AOTInductorModelKernels>();
}

std::unordered_map<std::string, AtenTensorHandle> AOTInductorModel::const_run_impl(DeviceStreamType,
                                                                                   AOTIProxyExecutorHandle, bool) {
  return {};
}

void AOTInductorModel::_const_run_impl(std::vector<AtenTensorHandle>&, DeviceStreamType, AOTIProxyExecutorHandle) {}

void AOTInductorModel::run_impl(AtenTensorHandle* input_handles, AtenTensorHandle* output_handles,
                                DeviceStreamType stream, AOTIProxyExecutorHandle) {
  if (getenv("AOTI_RUNTIME_CHECK_INPUTS") != nullptr) {
    check(input_handles[0], 0, 4, cached_torch_device_type_cuda);
    check(input_handles[1], 1, 1, cached_torch_device_type_cuda);
  }
  auto inputs = steal_from_raw_handles_to_raii_handles(input_handles, 2);
  const int64_t rows = inputs[0].sizes()[0], bytes = kValues * static_cast<int64_t>(sizeof(float));
  const int64_t sizes[] = {rows, 2, 3, 5}, strides[] = {30, 15, 5, 1};
  const AOTICudaStreamGuard guard(stream, device_idx_);
  const auto empty = [&] {
    AtenTensorHandle made = nullptr;
    AOTI_TORCH_ERROR_CODE_CHECK(aoti_torch_empty_strided(4, sizes, strides, cached_torch_dtype_float32,
                                                         cached_torch_device_type_cuda, device_idx_, &made));
    return RAIIAtenTensorHandle(made);
  };
  const auto copy = [&](void* to, const void* from, int64_t size) {
    AOTI_RUNTIME_CUDA_CHECK(cudaMemcpyAsync(to, from, static_cast<size_t>(size), cudaMemcpyDeviceToDevice, stream));
  };
  RAIIAtenTensorHandle between = empty(), answer = empty();
  copy(between.data_ptr(), inputs[0].data_ptr(), rows * bytes);
  copy(answer.data_ptr(), between.data_ptr(), rows * bytes);
  for (int64_t row = 0; row < rows; ++row) {
    copy(static_cast<char*>(answer.data_ptr()) + row * bytes, constants_->at(0).data_ptr(), sizeof(float));
  }
  output_handles[0] = answer.release();
}

}  // namespace torch::aot_inductor
