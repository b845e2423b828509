package dev.paraflux.cli.command;

import dev.paraflux.check.Reason;
import dev.paraflux.cli.option.Typed;
import dev.paraflux.cli.report.ModelTiming;
import dev.paraflux.demo.DemoModel;
import dev.paraflux.device.CudaFacts;
import dev.paraflux.device.Device;
import dev.paraflux.model.file.ModelFile;
import dev.paraflux.model.onnx.OnnxBackend;
import dev.paraflux.model.pretrained.Backend;
import dev.paraflux.model.pretrained.Batching;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.model.torch.TorchLibrary;
import dev.paraflux.pipeline.Pipeline;
import dev.paraflux.pipeline.PipelineFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code paraflux doctor}: what is installed, what works, and where each native library came from. */
@Command(name = "doctor", mixinStandardHelpOptions = true, versionProvider = Version.class,
        description = "Prints versions, CPU features, devices, what runs models and how fast it is here, and where each"
                + " native library came from.")
public final class DoctorCommand implements Callable<Integer> {
    private static final Pattern LIBRARY = Pattern.compile(
            "^lib(?:paraflux|jniKernels|torch|c10|openblas|gomp|gfortran|quadmath|jnitorch|jnijavacpp|jniopenblas|cudart|cuda|cudnn)");
    private static final String KERNELS = "kernels";
    private static final List<String> CPU_FLAGS = List.of("sse4_2", "avx", "avx2", "fma", "avx512f", "avx512bw",
            "avx512_bf16", "amx_tile");

    @Spec
    private CommandSpec spec;

    @Option(names = "--model", split = ",", paramLabel = "FILE",
            description = "Also measure these model files, their cards beside them, and say which is fastest. Default: the"
                    + " demo model.")
    private List<Path> models = List.of();

    @Option(names = "--pipeline", paramLabel = "DIR",
            description = "Also say what this folder of a pipeline takes in memory, before it is loaded, and measure what"
                    + " denoises, at the size that it was trained on.")
    private Path pipeline;

    private final Map<String, ModelTiming> timings = new LinkedHashMap<>();
    private PrintWriter output;
    private boolean healthy = true;
    /** Why there are no kernels; null while there are. Others that need them tell it too, and it is said once. */
    private String noKernels;

    /** Loads a model to be measured. */
    private interface Loader {
        PretrainedDenoiser load() throws IOException;
    }

    /** A part of the examination: what it finds, in words. */
    private interface Examination {
        String find() throws IOException;
    }

    @Override
    public Integer call() throws IOException {
        for (Path file : models) {
            Typed.modelFile("--model", file);
        }
        PipelineFolder folder = Typed.pipeline("--pipeline", pipeline);
        output = spec.commandLine().getOut();
        examine("paraflux", Version::text);
        examine("java", () -> System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
        examine("system", () -> System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                + System.getProperty("os.arch"));
        examine("processors", () -> Runtime.getRuntime().availableProcessors() + ", "
                + String.join(" ", cpuFlags()));
        examine("native code", Device::nativeAccessMessage);
        examine(KERNELS, this::kernels);
        examine("CUDA", Device::cudaMessage);
        examineCuda();
        for (Backend backend : ModelFile.BACKENDS) {
            examineOptional(backend.name(), backend::runtime);
        }
        examineOptional("libtorch on", TorchLibrary::places);
        examineOptional("ONNX on", OnnxBackend::places);
        if (folder != null) {
            examine("pipeline", () -> pipeline + ", " + folder.kind() + " of " + folder.defaultSize() + ": "
                    + folder.memory());
            output.flush();
            examine(folder.kind().denoiser(), () -> denoiser(folder));
        }
        if (models.isEmpty() && pipeline == null) {
            examine("demo model", () -> model("demo model", DemoModel::load));
        }
        for (Path file : models) {
            examine("model", () -> model(file.toString(), () -> ModelFile.load(file)));
        }
        if (timings.size() > 1) {
            examine("fastest", this::fastest);
        }
        examine("libraries", DoctorCommand::libraries);
        output.flush();
        return healthy ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private String denoiser(PipelineFolder folder) throws IOException {
        try (Pipeline loaded = Pipeline.load(folder, folder.defaultSize(), Pipeline.Loading.DEFAULT)) {
            return measured(pipeline.toString(), loaded.denoiser());
        }
    }

    private void examineCuda() {
        try {
            for (CudaFacts facts : Device.cudaDevices()) {
                examine("cuda:" + facts.index(), facts::toString);
            }
        } catch (IllegalStateException e) {
            // There is no library, which has been said.
        }
    }

    /** What is asked here is measured. */
    private String model(String name, Loader loader) throws IOException {
        try (PretrainedDenoiser model = loader.load()) {
            return measured(name, model);
        }
    }

    /** What is asked here is measured. */
    private String measured(String name, PretrainedDenoiser model) {
        int replicas = model.replicas();
        ModelTiming timing = ModelTiming.of(model);
        timings.put(name, timing);
        Batching batching = model.batching();
        return model.card().name() + " " + model.card().shape() + " by " + model.runtime() + ", "
                + model.precision()
                + ": " + timing + "; its calls are cut for " + model.mostReplicas() + " replicas, of which "
                + replicas
                + " at a time is quickest" + (batching.oneTime()
                        ? "; its file takes one time for all rows of a call, so that parallel methods cannot win: "
                                + "export it with a time a row (tools/README.md)"
                        : "");
    }

    private String fastest() {
        StringBuilder text = new StringBuilder();
        Set<Integer> sizes = new TreeSet<>();
        timings.values().forEach(timing -> sizes.addAll(timing.millis().keySet()));
        for (int rows : sizes) {
            timings.entrySet().stream().filter(timing -> timing.getValue().millis().containsKey(rows))
                    .min(Comparator.comparingDouble(timing -> timing.getValue().millis().get(rows)))
                    .ifPresent(best -> text.append(text.length() == 0 ? "" : ", ").append(rows == 1 ? "1 row: "
                            : rows + " rows: ").append(best.getKey()));
        }
        return text.toString();
    }

    /** What is not there is no fault: it is said, with what to do. */
    private void examineOptional(String what, Examination examination) {
        examine(what, () -> {
            try {
                return examination.find();
            } catch (IllegalStateException e) {
                return "not here: " + e.getMessage();
            }
        });
    }

    private void examine(String what, Examination examination) {
        String found;
        try {
            found = examination.find();
        } catch (IOException | RuntimeException | LinkageError e) {
            // Its causes are in it already.
            found = "FAILED: " + (e.getMessage() == null ? Reason.of(e) : e.getMessage());
            healthy = false;
        }
        boolean isSaid = noKernels != null && !what.equals(KERNELS);
        output.printf("%-12s%s%n", what,
                isSaid ? found.replace(noKernels, "there are no kernels, as said above") : found);
    }

    private String kernels() {
        try {
            return "instruction set " + Device.instructionSet();
        } catch (IllegalStateException e) {
            noKernels = e.getMessage();
            throw e;
        }
    }

    private static List<String> cpuFlags() throws IOException {
        Path cpuinfo = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(cpuinfo)) {
            return List.of("(features unknown)");
        }
        String flags = Files.readAllLines(cpuinfo).stream().filter(line -> line.startsWith("flags")).findFirst()
                .orElse("");
        List<String> all = Arrays.asList(flags.split("\\s+"));
        return CPU_FLAGS.stream().filter(all::contains).toList();
    }

    /**
     * The files whose code is mapped now: what was really loaded, whatever the search paths say. On a folder that is mounted
     * noexec a file is mapped to be read, and then fails.
     */
    private static String libraries() {
        String files = Device.loadedLibraries().stream()
                .filter(file -> LIBRARY.matcher(file.getFileName().toString()).find())
                .map(Path::toString).collect(Collectors.joining(System.lineSeparator() + " ".repeat(12)));
        return files.isEmpty() ? "none that is known of" : files;
    }
}
