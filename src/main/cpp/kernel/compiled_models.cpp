#include "paraflux/compiled_models.h"

#include <dlfcn.h>
#include <stddef.h>
#include <stdlib.h>

namespace {

// A symbol of a library that is loaded already.
void* loaded_symbol(const char* library, const char* symbol) {
  void* handle = dlopen(library, RTLD_LAZY | RTLD_NOLOAD);
  if (handle == nullptr) {
    return nullptr;
  }
  void* found = dlsym(handle, symbol);
  dlclose(handle);  // gives back this question's reference
  return found;
}

}  // namespace

extern "C" void paraflux_check_compiled_inputs(void) { setenv("AOTI_RUNTIME_CHECK_INPUTS", "1", 1); }

extern "C" int paraflux_find_symbol(const char* library, const char* symbol) {
  void* handle = dlopen(library, RTLD_LAZY | RTLD_LOCAL);
  if (handle == nullptr) {
    return 2;
  }
  return dlsym(handle, symbol) == nullptr ? 1 : 0;
}

extern "C" int paraflux_set_cerr(int takes) {
  // This library has a libstdc++ of its own, whose std::cerr is another one: theirs is reached by its names. A stream
  // lies in its basic_ios, which is a virtual base: its offset stands before the table of virtual functions.
  constexpr int kBad = 1;
  const char* library = "libstdc++.so.6";
  // A program that uses std::cerr itself has it, and the library's own is never made.
  void* own = dlsym(RTLD_DEFAULT, "_ZSt4cerr");
  char* stream = static_cast<char*>(own != nullptr ? own : loaded_symbol(library, "_ZSt4cerr"));
  void* clear = loaded_symbol(library, "_ZNSt9basic_iosIcSt11char_traitsIcEE5clearESt12_Ios_Iostate");
  if (stream == nullptr || clear == nullptr) {
    return 1;
  }
  const ptrdiff_t* table = *reinterpret_cast<const ptrdiff_t* const*>(stream);
  if (table == nullptr) {
    return 1;
  }
  reinterpret_cast<void (*)(void*, int)>(clear)(stream + table[-3], takes != 0 ? 0 : kBad);
  return 0;
}

extern "C" const char* paraflux_compiled_error(const char* library) {
  void* function = loaded_symbol(library, "AOTInductorGetLastError");
  const char* words = nullptr;
  if (function == nullptr || reinterpret_cast<int (*)(const char**)>(function)(&words) != 0) {
    return nullptr;
  }
  return words;
}
