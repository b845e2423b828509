// A few threads that take blocks of one call's work beside the thread that calls.
#pragma once

#include <stdint.h>

namespace paraflux {

// Threads that a call may use, the calling one included.
int pool_threads();

// Runs blocks 0 .. blocks - 1, each once, in any order, on this thread and those of the pool that wake up before it is
// done with them; on this thread alone if another call has the pool. All are done on return.
void run_blocks(int64_t blocks, void (*run)(const void* work, int64_t block), const void* work);

}  // namespace paraflux
