// Asks for what a CPU kernel will read, ahead of its use.
#pragma once

#include <stdint.h>

namespace paraflux {
namespace {

constexpr int64_t kFloatsInCacheLine = 16;

// Asks for the cache line of a row's element e. An address past the end of a row does no harm. These are inlined by
// force, because GCC drops calls of a function that does nothing but prefetch.
__attribute__((always_inline)) inline void prefetch(int64_t row, int64_t e) {
  __builtin_prefetch(
      reinterpret_cast<const void*>(static_cast<uintptr_t>(row) + static_cast<uintptr_t>(e) * sizeof(float)));
}

// Elements e .. e + count - 1.
__attribute__((always_inline)) inline void prefetch(int64_t row, int64_t e, int64_t count) {
  for (int64_t i = e; i < e + count; i += kFloatsInCacheLine) {
    prefetch(row, i);
  }
}

}  // namespace
}  // namespace paraflux
