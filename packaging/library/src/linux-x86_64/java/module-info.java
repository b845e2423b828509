/** Native libraries of {@code dev.paraflux} for Linux on x86-64. */
@SuppressWarnings("module")
open module dev.paraflux.linux.x86_64 {
    requires transitive dev.paraflux;
    requires org.bytedeco.javacpp.linux.x86_64;
}
