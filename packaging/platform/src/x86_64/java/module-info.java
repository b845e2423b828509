/** {@code dev.paraflux} with its natives for the platform that they were built for. */
module dev.paraflux.platform {
    requires transitive dev.paraflux;
    requires dev.paraflux.linux.x86_64;
}
