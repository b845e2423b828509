// What a session makes of cuBLASLt, and does not use for a product of matrices.
#include "stand_in.h"

extern "C" {

int cublasLtCreate(void** handle) {
  *handle = std::malloc(8);
  return 0;
}
int cublasLtDestroy(void* handle) {
  std::free(handle);
  return 0;
}
}
