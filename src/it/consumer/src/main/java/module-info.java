/** An application that depends on the library, and on its natives for one platform. */
@SuppressWarnings("module")
module consumer {
    requires dev.paraflux;
    requires dev.paraflux.linux.x86_64;
}
