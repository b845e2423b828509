# paraflux_sanitize(target): with PARAFLUX_SANITIZE, AddressSanitizer and UndefinedBehaviorSanitizer, the first finding
# fatal. The optimisation level stays, so that what is checked is the vectorised code; debug assertions come on.
option(PARAFLUX_SANITIZE "Build with AddressSanitizer and UndefinedBehaviorSanitizer" OFF)

function(paraflux_sanitize target)
  if(NOT PARAFLUX_SANITIZE)
    return()
  endif()
  set(flags -fsanitize=address,undefined -fno-sanitize-recover=all -g -UNDEBUG)
  target_compile_options(${target} PRIVATE "$<$<COMPILE_LANGUAGE:CXX>:${flags}>")
  target_link_options(${target} PRIVATE -fsanitize=address,undefined)
endfunction()
