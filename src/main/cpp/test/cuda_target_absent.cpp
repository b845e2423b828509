#include <cstdio>

#include "paraflux/library.h"
#include "test/target.h"

std::unique_ptr<Target> make_cuda() {
  std::printf("skipped: %s\n", paraflux_cuda_message());
  return nullptr;
}
