/** {@code dev.paraflux} with its natives for Linux on x86-64. */
module dev.paraflux.platform {
    requires transitive dev.paraflux;
    requires dev.paraflux.linux.x86_64;
}
