/** The command {@code paraflux}, and the demo model. */
module dev.paraflux.cli {
    requires transitive dev.paraflux;
    requires dev.paraflux.torch;
    requires dev.paraflux.onnx;
    requires dev.paraflux.remote;
    requires info.picocli;

    exports dev.paraflux.demo;

    opens dev.paraflux.cli to info.picocli;
    opens dev.paraflux.cli.command to info.picocli;
    opens dev.paraflux.cli.option to info.picocli;
}
