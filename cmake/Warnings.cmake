# paraflux_warnings(target): every warning we know, and each one an error; nvcc's own too.
function(paraflux_warnings target)
  set(flags -Wall -Wextra -Wconversion -Wshadow -Werror)
  list(JOIN flags "," host_flags)
  target_compile_options(${target} PRIVATE
    "$<$<COMPILE_LANGUAGE:CXX>:${flags}>"
    "$<$<COMPILE_LANGUAGE:CUDA>:SHELL:-Werror all-warnings -Xcompiler=${host_flags}>")
endfunction()
