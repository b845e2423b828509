// What the parts of the stand-in share: a log, and where memory of the device lies.
#pragma once

#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

// A line in the file that STAND_IN_LOG names.
inline void stand_in_log(const char* format, ...) {
  const char* name = std::getenv("STAND_IN_LOG");
  std::FILE* file = name == nullptr ? nullptr : std::fopen(name, "a");
  if (file == nullptr) return;
  va_list values;
  va_start(values, format);
  std::vfprintf(file, format, values);
  va_end(values);
  std::fputc('\n', file);
  std::fclose(file);
}

// Numbers of the device have their bits flipped: who reads or writes them on the host finds others.
inline float stand_in_read(const float* at) {
  std::uint32_t bits;
  std::memcpy(&bits, at, sizeof bits);
  bits = ~bits;
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

inline void stand_in_write(float* at, float value) {
  std::uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  bits = ~bits;
  std::memcpy(at, &bits, sizeof bits);
}
