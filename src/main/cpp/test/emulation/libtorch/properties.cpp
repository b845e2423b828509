// A device's properties, as CUDA's own headers lay them out.
#include <cuda_runtime_api.h>

#include <cstring>

extern "C" int stand_in_properties(void* to) {
  cudaDeviceProp properties = {};
  std::strcpy(properties.name, "an emulated device");
  properties.major = 9;
  properties.multiProcessorCount = 132;
  properties.warpSize = 32;
  properties.maxThreadsPerBlock = 1024;
  properties.maxThreadsPerMultiProcessor = 2048;
  properties.totalGlobalMem = std::size_t{1} << 34;
  properties.sharedMemPerBlock = 49152;
  properties.regsPerBlock = properties.regsPerMultiprocessor = 65536;
  std::memcpy(to, &properties, sizeof properties);
  return 0;
}
