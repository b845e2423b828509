/** The native library of {@code dev.paraflux} with CUDA, for Linux on x86-64, beside those without. */
@SuppressWarnings("module")
open module dev.paraflux.linux.x86_64.gpu {
    requires transitive dev.paraflux;
}
