/** {@code dev.paraflux} with its natives for CUDA devices beside those for the CPU. */
module dev.paraflux.cuda {
    requires transitive dev.paraflux.platform;
    requires dev.paraflux.linux.x86_64.gpu;
}
