// A cuDNN that begins, and can do nothing.
#include "stand_in.h"

extern "C" {

int cudnnCreate(void** handle) {
  *handle = std::malloc(8);
  return 0;
}
int cudnnDestroy(void* handle) {
  std::free(handle);
  return 0;
}
int cudnnSetStream(void*, void*) { return 0; }
std::size_t cudnnGetVersion() { return 91000; }
const char* cudnnGetErrorString(int) { return "not here"; }
}
