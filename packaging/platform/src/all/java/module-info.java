/** {@code dev.paraflux} with its natives for every platform that it has them for. */
module dev.paraflux.platform {
    requires transitive dev.paraflux;
    requires dev.paraflux.linux.x86_64;
    requires dev.paraflux.linux.arm64;
}
