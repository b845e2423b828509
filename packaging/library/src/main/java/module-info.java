/** Samples diffusion models fast, without retraining them. */
@SuppressWarnings("requires-automatic")
module dev.paraflux {
    requires transitive java.desktop;
    requires transitive org.bytedeco.javacpp;
    requires com.fasterxml.jackson.databind;
    requires static org.bytedeco.pytorch;
    requires static org.bytedeco.openblas;
    requires static com.microsoft.onnxruntime;
    requires static micrometer.core;
    requires jdk.jfr;

    exports dev.paraflux;
    exports dev.paraflux.check;
    exports dev.paraflux.device;
    exports dev.paraflux.iia;
    exports dev.paraflux.io;
    exports dev.paraflux.json;
    exports dev.paraflux.method;
    exports dev.paraflux.method.core;
    exports dev.paraflux.method.window;
    exports dev.paraflux.metrics;
    exports dev.paraflux.model;
    exports dev.paraflux.model.aoti;
    exports dev.paraflux.model.around;
    exports dev.paraflux.model.file;
    exports dev.paraflux.model.onnx;
    exports dev.paraflux.model.pretrained;
    exports dev.paraflux.model.torch;
    exports dev.paraflux.noise;
    exports dev.paraflux.pipeline;
    exports dev.paraflux.plan;
    exports dev.paraflux.schedule;
    exports dev.paraflux.solver;
    exports dev.paraflux.thread;
}
