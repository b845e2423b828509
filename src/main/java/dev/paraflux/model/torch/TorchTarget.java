package dev.paraflux.model.torch;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.device.Device;
import dev.paraflux.device.Queue;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.OptionalStreamGuard;
import org.bytedeco.pytorch.Stream;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * Where modules work, in libtorch's words and in ours. What libtorch enqueues while {@link #follow} is open goes to the stream
 * of a queue: a stream of CUDA that libtorch has not made itself is known to it by its handle.
 *
 * @param type  libtorch's kind of device
 * @param index which of them; -1 for the CPU
 * @param rows  where rows that its calls are given lie
 */
@SuppressWarnings("exports") // Whoever uses it has libtorch.
public record TorchTarget(torch.DeviceType type, byte index, Device rows) {
    /** The CPU, on rows of the host. */
    public static final TorchTarget HOST = new TorchTarget(torch.DeviceType.CPU, (byte) -1, Device.cpu());

    /**
     * The device that libtorch takes, or the CPU where none is given.
     *
     * @throws IllegalValueException if the libtorch that is loaded cannot work there; it says why
     */
    public static TorchTarget of(Optional<Device> asked) {
        if (asked.isEmpty()) {
            return HOST;
        }
        byte index = (byte) index(asked.get());
        String refusal = cudaRefusal();
        if (!refusal.isEmpty()) {
            throw new IllegalValueException("device", asked.get(), "the CPU, for " + refusal);
        }
        // Its allocator refuses every question before.
        torch.globalContext().lazyInitDevice(torch.DeviceType.CUDA);
        // float32 is float32, as on the CPU. For the whole process: libtorch's own default are convolutions in TF32, of 11 bits.
        torch.globalContext().setAllowTF32CuDNN(false);
        return new TorchTarget(torch.DeviceType.CUDA, index, asked.get());
    }

    /**
     * Which of CUDA's a device is.
     *
     * @throws IllegalValueException if it is none of CUDA's
     */
    public static int index(Device device) {
        return device.cudaIndex().orElseThrow(
                () -> new IllegalValueException("device", device, "the CPU, or one of CUDA's, for libtorch"));
    }

    /** Why libtorch, which is loaded, has no device of CUDA; empty where it has. */
    static String cudaRefusal() {
        if (torch.cuda_is_available()) {
            return !TorchCudaNeeds.areTaken() ? ""
                    : "ONNX Runtime's provider for CUDA is loaded in this process: it takes cuDNN from CUDA 12 and libtorch from"
                            + " CUDA 13, by one name; have each in a process of its own";
        }
        // Without a device the build for CUDA says that it has none, too.
        if (!torch.show_config().getString().contains("CUDA_VERSION")) {
            return "the libtorch here is the CPU's: put org.bytedeco:pytorch:" + TorchLibrary.version() + ":"
                    + Loader.getPlatform() + "-gpu on the class path, and CUDA, cuDNN and NCCL where the system finds"
                    + " them";
        }
        if (!TorchLibrary.missingForCuda().isEmpty()) {
            return "libtorch's build for CUDA lacks libraries: " + TorchLibrary.missingForCuda();
        }
        return "libtorch finds no CUDA device that it can use: its driver may be older than CUDA 13";
    }

    /** Whether its rows are the host's. */
    public boolean isHost() {
        return rows.isHost();
    }

    /** Its name to libtorch; the caller closes it. */
    DeviceOptional device() {
        try (org.bytedeco.pytorch.Device device = new org.bytedeco.pytorch.Device(type, index)) {
            return new DeviceOptional(device);
        }
    }

    /** Tensors of a type there; the caller closes it. */
    TensorOptions options(torch.ScalarType of) {
        try (TensorOptions plain = new TensorOptions(of); DeviceOptional device = device()) {
            return plain.device(device);
        }
    }

    /**
     * What captures calls of a model there; none on the host, nor where JavaCPP's presets of CUDA are missing, which is told.
     *
     * @param name what messages call the model
     */
    public TorchGraphs graphs(String name) {
        return type == torch.DeviceType.CUDA ? TorchGraphs.ofCuda(name, index) : TorchGraphs.none(name);
    }

    /**
     * Waits for the whole device; nothing on the host. Weights are brought on CUDA's default stream, which no queue
     * follows, and may be on their way when they have been read.
     *
     * @throws IllegalStateException if the device is lost
     */
    public void awaitWeights() {
        if (!isHost()) {
            rows.awaitAll();
        }
    }

    /** Waits for whatever still reads weights, which libtorch may give to others as soon as they are freed. */
    public void awaitUses() {
        try {
            awaitWeights();
        } catch (IllegalStateException e) {
            // The device is lost, and whoever uses it is told: nothing reads them any more.
        }
    }

    /**
     * Has libtorch's work of this thread follow a queue until it is closed; none on the host.
     *
     * @param queue of the device; null on the host
     */
    public OptionalStreamGuard follow(Queue queue) {
        if (queue == null) {
            return null;
        }
        try (Stream stream = Stream.unpack3(queue.handle(), index, type)) {
            return new OptionalStreamGuard(stream);
        }
    }
}
