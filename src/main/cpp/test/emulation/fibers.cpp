// Threads of a block as fibers. Between two barriers each runs alone; which one comes next is left to chance, for one
// fixed order, whichever it is, hides some missing barriers.
#include <setjmp.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#include <algorithm>
#include <vector>

#include "test/emulation/emulation.h"

dim3 threadIdx, blockIdx, blockDim, gridDim;

extern "C" {
extern char __start_emulated_shared[] __attribute__((weak, visibility("hidden")));
extern char __stop_emulated_shared[] __attribute__((weak, visibility("hidden")));
}

namespace emulation {
namespace {

constexpr size_t kStack = 64 * 1024, kPage = 4096;
constexpr unsigned kWarpThreads = 32, kWholeWarp = 0xFFFFFFFF;

enum class State { kReady, kWarp, kBlock, kDone };

struct Fiber {
  ucontext_t first;
  jmp_buf place;
  bool begun = false;
};

struct Thread {
  State state = State::kReady;
  int line = 0;
  Fiber* fiber = nullptr;
  double given = 0;
};

// The one block that runs. Left alone by those who end the process.
struct Block {
  const std::function<void()>* body = nullptr;
  std::vector<Thread> threads;
  std::vector<unsigned> order;
  size_t next = 0;  // of the order, to begin
  unsigned now = 0;
  jmp_buf scheduler;
  std::vector<Fiber*> idle;
};
Block& block = *new Block;
// Other threads give devices work meanwhile.
thread_local bool running = false;

void set_index(unsigned t) {
  block.now = t;
  threadIdx = dim3(t % blockDim.x, t / blockDim.x % blockDim.y, t / (blockDim.x * blockDim.y));
}

void to_scheduler(Fiber* fiber) {
  if (_setjmp(fiber->place) == 0) {
    _longjmp(block.scheduler, 1);
  }
}

[[noreturn]] void go_on(Fiber* fiber) {
  if (fiber->begun) {
    _longjmp(fiber->place, 1);
  }
  fiber->begun = true;
  setcontext(&fiber->first);
  die("a thread cannot begin");
}

void to_fiber(Fiber* fiber) {
  if (_setjmp(block.scheduler) == 0) {
    go_on(fiber);
  }
}

// A fiber goes on with the next thread that has not begun, so that kernels without barriers switch but once.
void fiber_main() {
  for (;;) {
    Fiber* self = block.threads[block.now].fiber;
    (*block.body)();
    block.threads[block.now].state = State::kDone;
    if (block.next < block.order.size()) {
      const unsigned following = block.order[block.next++];
      block.threads[following].fiber = self;
      set_index(following);
      continue;
    }
    to_scheduler(self);
  }
}

void prepare(ucontext_t& context, void* stack) {
  getcontext(&context);
  context.uc_stack.ss_sp = stack;
  context.uc_stack.ss_size = kStack;
  context.uc_link = nullptr;
  makecontext(&context, fiber_main, 0);
}

Fiber* take_fiber() {
  if (!block.idle.empty()) {
    Fiber* fiber = block.idle.back();
    block.idle.pop_back();
    return fiber;
  }
  Fiber* fiber = new Fiber;
  void* stack =
      mmap(nullptr, kStack + kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (stack == MAP_FAILED) {
    die("no memory for a thread's stack");
  }
  mprotect(stack, kPage, PROT_NONE);
  prepare(fiber->first, static_cast<char*>(stack) + kPage);
  return fiber;
}

// Runs a thread until it waits or ends; another thread may have begun on its fiber then.
void run(unsigned t) {
  Fiber* fiber = block.threads[t].fiber;
  set_index(t);
  to_fiber(fiber);
  if (block.threads[block.now].state == State::kDone) {
    block.idle.push_back(fiber);
  }
}

void wait(State state, int line) {
  const unsigned self = block.now;
  Thread& thread = block.threads[self];
  thread.state = state;
  thread.line = line;
  to_scheduler(thread.fiber);
  set_index(self);
}

// Lets threads go on that wait; all must wait in one place.
void release(State state, size_t first, size_t last) {
  const int line = block.threads[first].line;
  for (size_t t = first; t < last; ++t) {
    if (block.threads[t].state != state || block.threads[t].line != line) {
      die("threads of a block meet at two barriers, of lines %d and %d", line, block.threads[t].line);
    }
    block.threads[t].state = State::kReady;
  }
}

size_t count_of(State state, size_t first, size_t last) {
  size_t count = 0;
  for (size_t t = first; t < last; ++t) {
    count += block.threads[t].state == state ? 1 : 0;
  }
  return count;
}

// Whole warps that wait go on, or else the block if all of it waits. False if all threads have ended.
bool release_those_that_met() {
  const size_t count = block.threads.size();
  bool moved = false;
  for (size_t first = 0; first < count; first += kWarpThreads) {
    const size_t last = std::min<size_t>(first + kWarpThreads, count);
    const size_t waiting = count_of(State::kWarp, first, last);
    if (waiting == last - first) {
      release(State::kWarp, first, last);
      moved = true;
    } else if (waiting > 0 && waiting + count_of(State::kDone, first, last) == last - first) {
      die("%zu lanes of a warp wait for lanes that have ended", waiting);
    }
  }
  const size_t done = count_of(State::kDone, 0, count);
  if (moved || done == count) {
    return done < count;
  }
  if (count_of(State::kBlock, 0, count) < count) {
    die("threads wait for others that have ended or wait elsewhere, at line %d", block.threads[0].line);
  }
  release(State::kBlock, 0, count);
  return true;
}

void run_block(const std::function<void()>& body) {
  const unsigned count = blockDim.x * blockDim.y * blockDim.z;
  block.body = &body;
  block.threads.assign(count, Thread());
  block.order.resize(count);
  for (unsigned t = 0; t < count; ++t) {
    block.order[t] = t;
  }
  std::shuffle(block.order.begin(), block.order.end(), random_numbers());
  // Shared memory holds nothing in the beginning; what reads it finds NaNs.
  memset(__start_emulated_shared, 0xFF, static_cast<size_t>(__stop_emulated_shared - __start_emulated_shared));
  for (block.next = 0; block.next < count;) {
    const unsigned t = block.order[block.next++];
    block.threads[t].fiber = take_fiber();
    run(t);
  }
  while (release_those_that_met()) {
    std::shuffle(block.order.begin(), block.order.end(), random_numbers());
    for (const unsigned t : block.order) {
      if (block.threads[t].state == State::kReady) {
        run(t);
      }
    }
  }
}

}  // namespace

void run_kernel(dim3 grid, dim3 threads, const std::function<void()>& body) {
  gridDim = grid;
  blockDim = threads;
  std::vector<uint32_t> order(static_cast<size_t>(grid.x) * grid.y * grid.z);
  for (size_t b = 0; b < order.size(); ++b) {
    order[b] = static_cast<uint32_t>(b);
  }
  std::shuffle(order.begin(), order.end(), random_numbers());
  running = true;
  for (const uint32_t b : order) {
    blockIdx = dim3(b % grid.x, b / grid.x % grid.y, b / grid.x / grid.y);
    run_block(body);
  }
  running = false;
}

bool in_kernel() { return running; }

void wait_block(int line) { wait(State::kBlock, line); }

bool any_of_block(bool value, int line) {
  block.threads[block.now].given = value ? 1 : 0;
  wait_block(line);
  bool any_of_them = false;
  for (const Thread& thread : block.threads) {
    any_of_them = any_of_them || thread.given != 0;
  }
  wait_block(line);
  return any_of_them;
}

double exchange(double value, unsigned source, int line, unsigned mask) {
  if (mask != kWholeWarp) {
    die("a mask of part of a warp at line %d: only whole warps here", line);
  }
  const size_t self = block.now, warp = self / kWarpThreads * kWarpThreads;
  block.threads[self].given = value;
  wait(State::kWarp, line);
  const double taken = block.threads[warp + source].given;
  wait(State::kWarp, line);
  return taken;
}

}  // namespace emulation
