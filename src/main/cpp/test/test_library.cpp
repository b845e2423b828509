#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>

#include "paraflux/kernels.h"
#include "test/check.h"

TEST("the first choice is what PARAFLUX_ISA names, or else the best") {
  const char* expected = std::getenv("EXPECTED_ISA");
  const std::string first = paraflux_isa();
  if (expected != nullptr) {
    CHECK(first == expected, "%s", first.c_str());
    return;
  }
  for (const char* isa : {"avx512", "avx2", "baseline"}) {
    if (paraflux_use_isa(isa) == 0) {
      CHECK(first == isa, "%s, but %s is there", first.c_str(), isa);
      return;
    }
  }
}

TEST("the interface version is the header's") {
  CHECK(paraflux_interface_version() == PARAFLUX_INTERFACE_VERSION, "%d", paraflux_interface_version());
}

TEST("baseline can always be chosen") {
  CHECK(paraflux_use_isa("baseline") == 0, "0 is success");
  CHECK(std::strcmp(paraflux_isa(), "baseline") == 0, "%s", paraflux_isa());
}

TEST("an unknown instruction set is refused and changes nothing") {
  for (const char* name : {"", "AVX2", "sse9", static_cast<const char*>(nullptr)}) {
    const std::string before = paraflux_isa();
    CHECK(paraflux_use_isa(name) == 1, "%s", name == nullptr ? "null" : name);
    CHECK(before == paraflux_isa(), "%s", paraflux_isa());
  }
}

TEST("the count of CUDA devices comes with words") {
  CHECK(paraflux_cuda_device_count() >= 0, "%d", paraflux_cuda_device_count());
  CHECK(std::strlen(paraflux_cuda_message()) > 0, "empty");
  std::printf("        %d CUDA devices: %s\n", paraflux_cuda_device_count(), paraflux_cuda_message());
}

TEST("why there is no device is said in the words that are expected, and why it cannot be used") {
  if (const char* expected = std::getenv("EXPECTED_CUDA")) {
    const bool none = paraflux_cuda_device_count() == 0;
    const char* words = none ? paraflux_cuda_message() : paraflux_cuda_device_refusal(0);
    CHECK(std::strncmp(words, expected, std::strlen(expected)) == 0, "%s", words);
  }
}

TEST("scratch holds one double a chunk of 4096 values a row") {
  CHECK(paraflux_row_program_scratch(0, 5) == 0, "no rows");
  CHECK(paraflux_row_program_scratch(3, 1) == 3, "one chunk");
  CHECK(paraflux_row_program_scratch(3, 4096) == 3, "a full chunk");
  CHECK(paraflux_row_program_scratch(3, 4097) == 6, "two chunks");
}

TEST("a Gram matrix's scratch holds one double a chunk of 1024 values a pair") {
  CHECK(paraflux_row_gram_scratch(0, 7, 5) == 0, "no groups");
  CHECK(paraflux_row_gram_scratch(3, 1, 1024) == 3, "a full chunk");
  CHECK(paraflux_row_gram_scratch(3, 7, 1025) == 3 * 28 * 2, "two chunks");
}

TEST("a window's scratch on the host is so much a row, and so much an estimate where there are any") {
  const int64_t rows = paraflux_window_scratch(100, 0);
  CHECK(rows > 100 * 2 * PARAFLUX_WINDOW_TILE && rows < 101 * 2 * (PARAFLUX_WINDOW_TILE + 2), "%lld",
        static_cast<long long>(rows));
  const int64_t estimates = paraflux_window_scratch(100, 1000) - rows;
  CHECK(estimates > 1000 * PARAFLUX_WINDOW_TILE / 2 && estimates < 1010 * (PARAFLUX_WINDOW_TILE / 2 + 2), "%lld",
        static_cast<long long>(estimates));
}

TEST("a twin that was not built says so") {
  if (std::strcmp(paraflux_cuda_message(), "built without CUDA") == 0) {
#define PARAFLUX_CHECK_ABSENT(name, Call) \
  CHECK(paraflux_##name##_cuda(nullptr, 0, nullptr) == PARAFLUX_CUDA_NOT_BUILT, "%s", #name);
    PARAFLUX_KERNELS(PARAFLUX_CHECK_ABSENT)
#undef PARAFLUX_CHECK_ABSENT
    int64_t result = 5;
    CHECK(paraflux_cuda_allocate(0, 8, &result) == PARAFLUX_CUDA_NOT_BUILT && result == 5, "memory");
    CHECK(std::strcmp(paraflux_cuda_device_refusal(0), "built without CUDA") == 0, "%s",
          paraflux_cuda_device_refusal(0));
    CHECK(std::strcmp(paraflux_cuda_words(PARAFLUX_CUDA_NOT_BUILT), "built without CUDA") == 0, "words");
  }
}

TEST("symbols are found in a library and in what it depends on, and said to be missing otherwise") {
  CHECK(paraflux_find_symbol("libm.so.6", "cos") == 0, "libm has it");
  CHECK(paraflux_find_symbol("libstdc++.so.6", "malloc") == 0, "libc has it, on which libstdc++ depends");
  CHECK(paraflux_find_symbol("libm.so.6", "paraflux_no_such_function") == 1, "nobody has it");
  CHECK(paraflux_find_symbol("libparaflux_no_such.so", "cos") == 2, "there is no such library");
}

TEST("models that are compiled are told to check what they are given, whatever the environment says") {
  setenv("AOTI_RUNTIME_CHECK_INPUTS", "0", 1);
  paraflux_check_compiled_inputs();
  CHECK(std::strcmp(std::getenv("AOTI_RUNTIME_CHECK_INPUTS"), "1") == 0, "%s",
        std::getenv("AOTI_RUNTIME_CHECK_INPUTS"));
}

TEST("ONNX Runtime is told to keep to itself what it does, where the environment has no wish of its own") {
  unsetenv("ORT_DISABLE_TELEMETRY");
  paraflux_refuse_telemetry();
  CHECK(std::strcmp(std::getenv("ORT_DISABLE_TELEMETRY"), "1") == 0, "%s", std::getenv("ORT_DISABLE_TELEMETRY"));
  setenv("ORT_DISABLE_TELEMETRY", "0", 1);
  paraflux_refuse_telemetry();
  CHECK(std::strcmp(std::getenv("ORT_DISABLE_TELEMETRY"), "0") == 0, "%s", std::getenv("ORT_DISABLE_TELEMETRY"));
}

TEST("the process's std::cerr is silenced and heard again") {
  CHECK(std::cerr.good(), "as it begins");
  CHECK(paraflux_set_cerr(0) == 0, "0 is success");
  CHECK(std::cerr.bad(), "nothing is taken");
  CHECK(paraflux_set_cerr(1) == 0, "0 is success");
  CHECK(std::cerr.good(), "as it was");
}

TEST("what is no compiled model has no words") {
  CHECK(paraflux_compiled_error("libm.so.6") == nullptr, "it has no such function");
  CHECK(paraflux_compiled_error("libparaflux_no_such.so") == nullptr, "it is not loaded");
}

int main() { return check::run_all("library"); }
