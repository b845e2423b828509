// Programs on several threads: the bits of one, whoever calls at the same time.
#include <pthread.h>

#include "test/cases.h"
#include "test/check.h"
#include "test/random_program.h"
#include "test/target.h"

namespace {

// Of a size that is worth it, on few buffers.
RandomProgram large(int64_t dim, uint64_t seed) {
  return RandomProgram(2 + (quick() ? 0 : PARAFLUX_WORTH_THREADS / dim), dim, 7, seed, seed % 2 == 0);
}

struct Caller {
  RandomProgram given;
  Arena arena;
  std::vector<double> sums;
  pthread_t thread;

  static void* call(void* self) {
    Caller& caller = *static_cast<Caller*>(self);
    caller.sums = target().run(caller.arena, 20001, caller.given.program);
    return nullptr;
  }
};

}  // namespace

TEST("the number of threads does not change a bit") {
  uint64_t seed = 1;
  for (const int64_t dim : {4096 * 2, 8193, 16384, 65537, 300001}) {
    RandomProgram given = large(dim, seed++);
    paraflux_set_row_threads(1);
    Arena expected_arena = given.arena;
    const std::vector<double> expected = target().run(expected_arena, dim, given.program);
    for (const int threads : {2, 3, 7, 64}) {
      paraflux_set_row_threads(threads);
      Arena arena = given.arena;
      const std::vector<double> sums = target().run(arena, dim, given.program);
      CHECK(arena == expected_arena && same_bits(sums, expected), "dim %lld, %d threads", static_cast<long long>(dim),
            threads);
    }
  }
  paraflux_set_row_threads(1);
}

TEST("calls at the same time do not mix, and give the bits that each gives alone") {
  std::vector<Caller> callers;
  for (uint64_t c = 0; c < 4; ++c) {
    RandomProgram given = large(20001, 100 + c);
    callers.push_back({given, given.arena, {}, {}});
  }
  for (int round = 0; round < 5; ++round) {
    paraflux_set_row_threads(3);
    for (Caller& caller : callers) {
      caller.arena = caller.given.arena;
      pthread_create(&caller.thread, nullptr, Caller::call, &caller);
    }
    for (Caller& caller : callers) {
      pthread_join(caller.thread, nullptr);
    }
    paraflux_set_row_threads(1);
    for (Caller& caller : callers) {
      Arena alone = caller.given.arena;
      const std::vector<double> sums = target().run(alone, 20001, caller.given.program);
      CHECK(caller.arena == alone && same_bits(caller.sums, sums), "round %d", round);
    }
  }
}

TEST("the number of threads is what was set, within its range") {
  for (const int threads : {1, 5, PARAFLUX_MAX_ROW_THREADS}) {
    paraflux_set_row_threads(threads);
    CHECK(paraflux_row_threads() == threads, "%d", paraflux_row_threads());
  }
  paraflux_set_row_threads(0);
  CHECK(paraflux_row_threads() == 1, "%d", paraflux_row_threads());
  paraflux_set_row_threads(1000);
  CHECK(paraflux_row_threads() == PARAFLUX_MAX_ROW_THREADS, "%d", paraflux_row_threads());
  paraflux_set_row_threads(1);
}
