/** What models of TorchScript and AOTInductor need. */
module dev.paraflux.torch {
    requires transitive dev.paraflux.platform;
    requires org.bytedeco.pytorch.linux.x86_64;
    requires org.bytedeco.openblas.linux.x86_64;
}
