// How calls of the CUDA twins get on with what else is on the thread and on the machine. On the host nothing of this
// can happen.
#include "test/cases.h"
#include "test/check.h"
#include "test/target.h"

TEST("an error that another library has left is neither taken for ours nor taken away") {
  if (CudaCalls* calls = target().cuda_calls()) {
    calls->leave_error();
    const int left = calls->error_left();
    CHECK(left != 0, "an error to leave");
    calls->leave_error();
    Case given = random_case(3, 300, 2, false);
    const std::vector<double> expected = make_baseline()->norms(given.arena, 300, given.terms);
    CHECK(same_bits(target().norms(given.arena, 300, given.terms), expected), "the call's own result");
    CHECK(calls->error_left() == left, "what was left");
  }
}

TEST("a device that is not there is an error of the call, and the thread's device stays what it was") {
  if (CudaCalls* calls = target().cuda_calls()) {
    const int before = calls->current_device();
    for (const int device : {-1, 1000}) {
      for (const int error : calls->errors_on_device(device)) {
        CHECK(error != 0, "device %d", device);
      }
      CHECK(calls->error_left() == 0, "device %d", device);
      CHECK(calls->current_device() == before, "device %d", device);
    }
  }
}

TEST("a call works on its stream's device, whichever is the thread's") {
  if (CudaCalls* calls = target().cuda_calls()) {
    for (int device = 0; device < calls->devices(); ++device) {
      for (const int error : calls->errors_on_device(device)) {
        CHECK(error == 0, "device %d: %d", device, error);
      }
    }
  }
}

TEST("bits repeat") {
  Case given = random_case(33, 9000, kMixedTerms, false);
  const std::vector<double> expected = target().norms(given.arena, 9000, given.terms);
  WindowCase window = random_window(Kind::kHeun, 40, 9000, 3, 20, 3, false);
  WindowCase once = window;
  const WindowSums sums = target().window(once.arena, 9000, once.window);
  for (int run = 0; run < (quick() ? 2 : 100); ++run) {
    CHECK(same_bits(target().norms(given.arena, 9000, given.terms), expected), "run %d", run);
    WindowCase again = window;
    CHECK(target().window(again.arena, 9000, again.window) == sums && again.arena == once.arena, "run %d", run);
  }
}

namespace {

// Checks how many launches something takes, and that their parameters have so many bytes at most and not much less.
template <typename Work>
void check_launches(const char* what, int64_t launches, int64_t bytes, Work work) {
  CudaCalls* calls = target().cuda_calls();
  if (calls == nullptr) {
    return;
  }
  const std::vector<int64_t> before = calls->launched();
  work();
  const std::vector<int64_t> after = calls->launched();
  if (after[0] == 0) {
    return;  // it cannot tell
  }
  CHECK(after[0] - before[0] == launches, "%s: %lld launches", what, static_cast<long long>(after[0] - before[0]));
  const int64_t found = after[1] - before[1];
  CHECK(found <= bytes && found >= bytes - bytes / 8, "%s: %lld bytes", what, static_cast<long long>(found));
}

}  // namespace

TEST("what a round asks for takes as few launches, and as short ones, as the headers say") {
  for (const int64_t dim : {784, 5000}) {
    const bool several = dim > 4096;  // chunks
    for (const int64_t terms : {2, 3}) {
      Case update = random_case(100, dim, terms, false);
      check_launches("an update of 100 rows", 1, 8300, [&] { target().update(update.arena, dim, update.terms); });
    }
    Case one = random_case(1, dim, 1, false);
    check_launches("squares of a row", several ? 2 : 1, several ? 1020 : 960,
                   [&] { target().norms(one.arena, dim, one.terms); });
    for (const int64_t rows : {8, 100}) {
      WindowCase window = random_window(Kind::kChain, rows, dim, 2, 20, 3, false);
      check_launches("a window", 2, rows == 8 ? 1400 : 15900,
                     [&] { target().window(window.arena, dim, window.window); });
    }
  }
}
