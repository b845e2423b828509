package dev.paraflux.model.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.device.Device;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where sessions work, and by how many threads: on the CPU, or on a CUDA device, by ONNX Runtime's provider for it. There the
 * weights are, and all that operators have kernels for there; what a run is given and answers lies on the host, and ONNX Runtime
 * brings it.
 *
 * @param device  where they work
 * @param threads of a session's own, for each run on the CPU; with 1 a run is on the thread that calls
 */
record OnnxTarget(Device device, int threads) {
    /** Devices on which a graph was right. */
    private static final Set<Device> TRIED = ConcurrentHashMap.newKeySet();

    /** On the CPU. */
    static OnnxTarget host(int threads) {
        return new OnnxTarget(Device.cpu(), threads);
    }

    /**
     * The device that is asked for, or the CPU where none is.
     *
     * @throws IllegalValueException if the ONNX Runtime that is loaded cannot work there; it says why
     */
    static OnnxTarget of(Optional<Device> asked, int threads) {
        if (asked.isEmpty()) {
            return host(threads);
        }
        if (asked.get().cudaIndex().isEmpty()) {
            throw new IllegalValueException("device", asked.get(), "the CPU, or one of CUDA's, for ONNX Runtime");
        }
        OnnxTarget target = new OnnxTarget(asked.get(), threads);
        String refusal = target.refusal();
        if (!refusal.isEmpty()) {
            throw new IllegalValueException("device", asked.get(), "the CPU, for " + refusal);
        }
        return target;
    }

    /** Why this CUDA device cannot be worked on, in words; empty if a graph has been right there. */
    private String refusal() {
        if (TRIED.contains(device)) {
            return "";
        }
        String lacking = OnnxCudaNeeds.here().refusal();
        String refusal = lacking.isEmpty() ? OnnxTrial.refusal(this) : lacking;
        if (refusal.isEmpty()) {
            TRIED.add(device);
        }
        return refusal;
    }

    /** Why no CUDA device, or one of them, cannot be worked on, in words; empty if all can. */
    static String cudaRefusal() {
        String lacking = OnnxCudaNeeds.here().refusal();
        if (!lacking.isEmpty()) {
            return lacking;
        }
        if (Device.cudaDevices().isEmpty()) {
            return Device.cudaMessage();
        }
        return Device.cudaDevices().stream().filter(facts -> facts.refusal().isEmpty())
                .map(facts -> new OnnxTarget(Device.cuda(facts.index()), 1).refusal()).filter(words -> !words.isEmpty())
                .findFirst().orElse("");
    }

    boolean isHost() {
        return device.isHost();
    }

    /**
     * How sessions are opened.
     *
     * @param folder that weights in other files are read from; null if there are none
     */
    SessionOptions options(Path folder) throws OrtException {
        SessionOptions options = new SessionOptions();
        try {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            // Threads that wait by spinning take the cores that others' parts are to run on.
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            if (folder != null) {
                options.addConfigEntry("session.model_external_initializers_file_folder_path", folder.toString());
            }
            if (device.cudaIndex().isPresent()) {
                addCuda(options, device.cudaIndex().getAsInt());
            }
            return options;
        } catch (OrtException | RuntimeException | Error e) {
            options.close();
            throw e;
        }
    }

    /** Operators that the provider has no kernel for are run on the CPU, and their values travel. */
    private static void addCuda(SessionOptions options, int index) throws OrtException {
        try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(index)) {
            // float32 is float32, as on the CPU. Its own default is TF32, of 11 bits.
            cuda.add("use_tf32", "0");
            // Its own default goes by times that are measured at load, and so would the last bits.
            cuda.add("cudnn_conv_algo_search", "HEURISTIC");
            options.addCUDA(cuda);
            options.setDeterministicCompute(true);
        }
    }

    /** After a run that failed or was ended: nothing of it is under way any more when this returns. */
    void settle() {
        if (isHost()) {
            return;
        }
        try {
            device.awaitAll();
        } catch (RuntimeException e) {
            // The device is lost, and the failure before says so: nothing is under way.
        }
    }

    @Override
    public String toString() {
        return "ONNX Runtime " + OnnxLibrary.version() + (isHost() ? "" : " on " + device);
    }
}
