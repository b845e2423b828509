/** Native libraries of {@code dev.paraflux} for Linux on 64-bit ARM. */
@SuppressWarnings("module")
open module dev.paraflux.linux.arm64 {
    requires transitive dev.paraflux;
    requires org.bytedeco.javacpp.linux.arm64;
}
