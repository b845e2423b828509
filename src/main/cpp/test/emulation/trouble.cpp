// What befalls devices from outside: a file, which tests write while work is under way, says what. It is read whenever
// something is asked of a device.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/emulation/emulation.h"

namespace emulation {
namespace {

// The first word of the file; empty where there is none.
void read_word(char* word, size_t room) {
  static const char* const name = getenv("EMULATED_TROUBLE");
  word[0] = '\0';
  FILE* file = name == nullptr ? nullptr : fopen(name, "r");
  if (file != nullptr) {
    if (fgets(word, static_cast<int>(room), file) != nullptr) {
      word[strcspn(word, " \n")] = '\0';
    }
    fclose(file);
  }
}

}  // namespace

bool is_lost() {
  char word[64];
  read_word(word, sizeof word);
  return strcmp(word, "lost") == 0;
}

size_t device_bytes() {
  char word[64];
  read_word(word, sizeof word);
  const bool is_number = word[0] >= '0' && word[0] <= '9';
  return is_number ? strtoull(word, nullptr, 10) : static_cast<size_t>(number_of("EMULATED_MEGABYTES", 4096)) << 20;
}

}  // namespace emulation
