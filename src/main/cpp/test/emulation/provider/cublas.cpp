// Products of matrices of the device, calculated on the CPU, and the mode that they are asked for in.
#include "stand_in.h"

namespace {

int mode = 0;

}  // namespace

extern "C" {

int cublasCreate_v2(void** handle) {
  *handle = std::malloc(8);
  return 0;
}
int cublasDestroy_v2(void* handle) {
  std::free(handle);
  return 0;
}
int cublasSetStream_v2(void*, void*) { return 0; }
int cublasSetMathMode(void*, int asked) {
  mode = asked;
  return 0;
}
int cublasGetMathMode(void*, int* now) {
  *now = mode;
  return 0;
}
const char* cublasGetStatusString(int) { return "not here"; }
const char* cublasGetStatusName(int) { return "CUBLAS_STATUS_NOT_SUPPORTED"; }

// By columns: c = alpha op(a) op(b) + beta c.
int cublasSgemm_v2(void*, int op_a, int op_b, int m, int n, int k, const float* alpha, const float* a, int lda,
                   const float* b, int ldb, const float* beta, float* c, int ldc) {
  stand_in_log("product of %d by %d by %d in mode %d", m, k, n, mode);
  for (int j = 0; j < n; j++) {
    for (int i = 0; i < m; i++) {
      float sum = 0;
      for (int l = 0; l < k; l++) {
        sum += stand_in_read(op_a != 0 ? a + l + i * lda : a + i + l * lda) *
               stand_in_read(op_b != 0 ? b + j + l * ldb : b + l + j * ldb);
      }
      float* into = c + i + j * ldc;
      stand_in_write(into, *alpha * sum + (*beta == 0 ? 0 : *beta * stand_in_read(into)));
    }
  }
  return 0;
}
}
