#include "kernel/pool.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "paraflux/row_program.h"

namespace paraflux {
namespace {

constexpr int kMost = PARAFLUX_MAX_ROW_THREADS;

// Blocks are handed out by a counter. A helper joins a job while it is posted; the caller takes it down when there are
// no more blocks, and then waits for helpers that have joined, each of which has a block to finish at most. Who wakes
// too late finds nothing and sleeps on: no call waits for a thread to wake up.
struct Job {
  int64_t blocks;
  void (*run)(const void* work, int64_t block);
  const void* work;
  int64_t next;  // by atomic addition

  void take() {
    while (true) {
      const int64_t block = __atomic_fetch_add(&next, 1, __ATOMIC_RELAXED);
      if (block >= blocks) {
        return;
      }
      run(work, block);
    }
  }
};

struct Pool {
  pthread_mutex_t caller = PTHREAD_MUTEX_INITIALIZER;  // held by the call that has the pool
  pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;    // of all below
  pthread_cond_t posted = PTHREAD_COND_INITIALIZER;
  pthread_cond_t left = PTHREAD_COND_INITIALIZER;
  Job* job = nullptr;
  int wanted = 0;  // helpers that may yet join the job
  int joined = 0;  // helpers at work
  int made = 0;
};

Pool pool;
int threads = 0;  // 0: not chosen yet

void* help(void*) {
  pthread_mutex_lock(&pool.lock);
  while (true) {
    while (pool.job == nullptr || pool.wanted == 0) {
      pthread_cond_wait(&pool.posted, &pool.lock);
    }
    Job* const job = pool.job;
    --pool.wanted;
    ++pool.joined;
    pthread_mutex_unlock(&pool.lock);
    job->take();
    pthread_mutex_lock(&pool.lock);
    if (--pool.joined == 0) {
      pthread_cond_signal(&pool.left);
    }
  }
  return nullptr;
}

// Makes helpers that are missing. Signals are none of their business: the process has threads that wait for them. One
// that cannot be made is done without.
void make_helpers(int count) {
  if (pool.made >= count) {
    return;
  }
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  for (; pool.made < count; ++pool.made) {
    pthread_t thread;
    if (pthread_create(&thread, nullptr, help, nullptr) != 0) {
      break;
    }
    pthread_detach(thread);
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

int clamped(int64_t count) { return static_cast<int>(count < 1 ? 1 : count > kMost ? kMost : count); }

}  // namespace

int pool_threads() {
  int count = __atomic_load_n(&threads, __ATOMIC_RELAXED);
  if (count == 0) {
    const char* wish = getenv("PARAFLUX_ROW_THREADS");
    count = wish == nullptr ? 1 : clamped(strtol(wish, nullptr, 10));
    // Threads that meet here choose alike.
    __atomic_store_n(&threads, count, __ATOMIC_RELAXED);
  }
  return count;
}

void run_blocks(int64_t blocks, void (*run)(const void* work, int64_t block), const void* work) {
  Job job = {blocks, run, work, 0};
  const int helpers = static_cast<int>(blocks < pool_threads() ? blocks : pool_threads()) - 1;
  if (helpers < 1 || pthread_mutex_trylock(&pool.caller) != 0) {
    job.take();
    return;
  }
  pthread_mutex_lock(&pool.lock);
  make_helpers(helpers);
  pool.job = &job;
  pool.wanted = helpers;
  for (int h = 0; h < helpers; ++h) {
    pthread_cond_signal(&pool.posted);
  }
  pthread_mutex_unlock(&pool.lock);
  job.take();
  pthread_mutex_lock(&pool.lock);
  pool.job = nullptr;
  while (pool.joined > 0) {
    pthread_cond_wait(&pool.left, &pool.lock);
  }
  pthread_mutex_unlock(&pool.lock);
  pthread_mutex_unlock(&pool.caller);
}

}  // namespace paraflux

extern "C" int paraflux_row_threads(void) { return paraflux::pool_threads(); }

extern "C" void paraflux_set_row_threads(int count) {
  __atomic_store_n(&paraflux::threads, paraflux::clamped(count), __ATOMIC_RELAXED);
}
