/** What ONNX models need. */
@SuppressWarnings("requires-automatic")
module dev.paraflux.onnx {
    requires transitive dev.paraflux.platform;
    requires com.microsoft.onnxruntime;
}
