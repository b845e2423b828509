// All the test framework there is: tests are sentences, a failed check names its place and ends its test.
#pragma once

#include <cstdio>
#include <functional>
#include <utility>
#include <vector>

namespace check {

// ctest's sign for "skipped" (CMakeLists.txt).
constexpr int kSkipped = 77;

struct Test {
  const char* sentence;
  std::function<void()> body;
};

inline std::vector<Test>& tests() {
  static std::vector<Test> all;
  return all;
}

inline bool& failed() {
  static bool value = false;
  return value;
}

struct Registration {
  Registration(const char* sentence, std::function<void()> body) { tests().push_back({sentence, std::move(body)}); }
};

inline int run_all(const char* where) {
  int failures = 0;
  for (const Test& test : tests()) {
    failed() = false;
    test.body();
    std::printf("%s  [%s] %s\n", failed() ? "FAILED" : "passed", where, test.sentence);
    failures += failed() ? 1 : 0;
  }
  return failures;
}

}  // namespace check

#define TEST(sentence) TEST_EXPANDED(sentence, __LINE__)
#define TEST_EXPANDED(sentence, line) TEST_ON_LINE(sentence, line)
#define TEST_ON_LINE(sentence, line)                                                         \
  static void test_on_line_##line();                                                         \
  static const check::Registration registered_on_line_##line(sentence, test_on_line_##line); \
  static void test_on_line_##line()

// A printf-like message after the condition says which case it was.
#define CHECK(condition, ...)                                           \
  do {                                                                  \
    if (!(condition)) {                                                 \
      std::printf("%s:%d: %s; case: ", __FILE__, __LINE__, #condition); \
      std::printf(__VA_ARGS__);                                         \
      std::printf("\n");                                                \
      check::failed() = true;                                           \
      return;                                                           \
    }                                                                   \
  } while (false)
