package dev.paraflux.cli.option;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.device.HostMemory;
import dev.paraflux.io.TextFile;
import dev.paraflux.model.Condition;
import dev.paraflux.model.TensorValue;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.pipeline.PictureRequest;
import dev.paraflux.pipeline.PictureSize;
import dev.paraflux.pipeline.Pipeline;
import dev.paraflux.pipeline.PipelineFolder;
import dev.paraflux.pipeline.PipelineMemory;
import dev.paraflux.pipeline.PipelineSchedules;
import dev.paraflux.schedule.SchedulerConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options that draw pictures of prompts by a pipeline's folder. */
final class PipelineOptions {
    /** Between prompts where they are told in one text; no prompt has it. */
    static final String BETWEEN = "\u001e";
    private static final String OPTION = "--pipeline";

    @Option(names = OPTION, paramLabel = "DIR",
            description = "Draw pictures of prompts by this folder, as hubs hand them out: Stable Diffusion 1, 2, XL or 3,"
                    + " its parts as ONNX or TorchScript. See docs/pipelines.md.")
    private Path path;

    /** Not split by the parser, to which quotes are no letters. */
    @Option(names = "--prompt", paramLabel = "TEXT",
            description = "What a picture shows; once for each.")
    private List<String> prompts;

    @Option(names = "--prompts", paramLabel = "FILE", description = "Prompts, a line of this file each.")
    private Path promptFile;

    @Option(names = "--negative", paramLabel = "TEXT",
            description = "What no picture is to show. Default: none, which is not the same as an empty one for XL.")
    private String negative;

    @Option(names = "--clip-skip", paramLabel = "N",
            description = "Layers of the text encoders to leave out for the prompt, not for --negative: diffusers' clip_skip."
                    + " Default: 0.")
    private Integer clipSkip;

    @Option(names = "--t5", paramLabel = "FILE",
            description = "What T5 makes of the prompts, for Stable Diffusion 3: .npy of [prompts, 256, width], as"
                    + " tools/t5_vectors.py writes it. With --negative-t5.")
    private Path t5File;

    @Option(names = "--negative-t5", paramLabel = "FILE",
            description = "What T5 makes of --negative, or of the empty text: .npy of [1, 256, width].")
    private Path negativeT5File;

    @Option(names = "--size", paramLabel = "WxH",
            description = "Size of the pictures in pixels. Default: what the pipeline was trained on.")
    private String size;

    @Option(names = "--low-memory",
            description = "Let text encoders and autoencoder go after each use, and load them again for the next.")
    private boolean lowMemory;

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    private PipelineFolder folder;
    private Double weight;
    private PictureSize pixels;
    private List<TensorValue> t5;
    private List<TensorValue> negativeT5;

    /** Checks what can be checked without loading a part, and reads the files. */
    void read() throws IOException {
        if (path == null) {
            requireLeftOut("--prompt", typed());
            requireLeftOut("--prompts", promptFile);
            requireLeftOut("--negative", negative);
            requireLeftOut("--clip-skip", clipSkip);
            requireLeftOut("--t5", t5File);
            requireLeftOut("--negative-t5", negativeT5File);
            requireLeftOut("--size", size);
            requireLeftOut("--low-memory", lowMemory ? true : null);
            return;
        }
        pixels = size == null ? null : Typed.as("--size", () -> PictureSize.parse(size));
        folder = Typed.pipeline(OPTION, path);
        if (pixels == null) {
            pixels = folder.defaultSize();
        }
        Typed.as("--size", () -> {
            folder.requireSize(pixels);
            return pixels;
        });
        if (clipSkip != null) {
            Typed.as("--clip-skip", () -> {
                folder.requireClipSkip(clipSkip);
                return clipSkip;
            });
        }
        Typed.requireAlone("--prompts", promptFile, "--prompt", typed());
        prompts = prompts == null ? null
                : prompts.stream().flatMap(text -> Arrays.stream(text.split(BETWEEN, -1))).toList();
        if (promptFile != null) {
            prompts = Typed.file("--prompts", promptFile, () -> lines(promptFile));
        }
        if (prompts == null || prompts.isEmpty()) {
            throw IllegalValueException.missing("--prompt", "given where --pipeline is, once for each picture");
        }
        readT5();
    }

    private static List<String> lines(Path file) throws IOException {
        List<String> lines = TextFile.lines(file).stream().filter(line -> !line.isBlank()).toList();
        if (lines.isEmpty()) {
            throw new IOException(file + " has no line: it must be a text of prompts, one a line");
        }
        return lines;
    }

    /** Both, or neither where the pipeline has no T5. */
    private void readT5() throws IOException {
        boolean wanted = folder.needsT5() || t5File != null || negativeT5File != null;
        if (wanted && (t5File == null || negativeT5File == null)) {
            throw IllegalValueException.missing(t5File == null ? "--t5" : "--negative-t5", "given, as "
                    + (folder.needsT5() ? "pipeline " + path + " has a text_encoder_3, which is not run here; to draw"
                            + " without T5 write [null, null] for it in its model_index.json" : "the other one is"));
        }
        t5 = T5File.read("--t5", t5File, prompts.size());
        negativeT5 = T5File.read("--negative-t5", negativeT5File, 1);
    }

    /** The prompts as they were typed; null if none were. */
    private String typed() {
        return prompts == null ? null : String.join(" ", prompts);
    }

    private static void requireLeftOut(String option, Object value) {
        if (value != null) {
            throw new IllegalValueException(option, value, "given with a --pipeline");
        }
    }

    /** The folder's path; null if it was not given. */
    Path path() {
        return path;
    }

    boolean given() {
        return path != null;
    }

    /** The files that are read. */
    Map<String, Path> files() {
        Map<String, Path> files = new HashMap<>();
        files.put("--prompts", promptFile);
        files.put("--t5", t5File);
        files.put("--negative-t5", negativeT5File);
        return files;
    }

    /** What diffusers takes of such a pipeline. */
    int steps() {
        return folder.kind().steps();
    }

    SchedulerConfig scheduler() {
        return folder.scheduler();
    }

    /** By another schedule, if it is not null. */
    Pipeline load(LoadOptions options, SchedulerConfig other) throws IOException {
        tellMemory();
        Pipeline.Loading loading = new Pipeline.Loading(options, lowMemory);
        return Typed.file(OPTION, path, () -> other == null || !PipelineSchedules.predictsAs(folder, other)
                ? Pipeline.load(folder, pixels, loading) : Pipeline.load(folder, pixels, loading, other));
    }

    /** Says where the weights may not fit into the memory that is free; what is computed between them comes on top. */
    private void tellMemory() throws IOException {
        PipelineMemory memory = Typed.file(OPTION, path, folder::memory);
        long free = HostMemory.here().availableBytes();
        if (memory.peakBytes(lowMemory) > free) {
            spec.commandLine().getErr().println("paraflux: " + PipelineMemory.megabytes(free)
                    + " of memory are free, and pipeline " + path + " may take more: " + memory);
        }
    }

    /** What is not to be shown. */
    Condition unconditional(Pipeline pipeline) {
        return Typed.setting(T5File.VECTORS, "--negative-t5",
                () -> pipeline.unconditional(negative, negativeT5 == null ? null : negativeT5.get(0)));
    }

    /** The same for one picture, of what it asks for. */
    Condition unconditional(Pipeline pipeline, Condition asked) {
        return pipeline.unconditional(negative, negativeT5 == null ? null : negativeT5.get(0), asked);
    }

    /** Whether what denoises takes the guidance weight. */
    boolean takesGuidance() {
        return folder != null && folder.takesGuidance();
    }

    /** The weight that every picture asks for; null for the usual one. */
    void guideBy(Double givenWeight) {
        weight = givenWeight;
    }

    /** Whether a mask must be given. */
    boolean takesMask() {
        return folder != null && folder.takesMask();
    }

    /** The prompts, one or more. */
    List<String> texts() {
        return prompts;
    }

    /** A picture of a prompt, the prompts taken round and round. */
    PictureRequest picture(int number) {
        int place = number % prompts.size();
        PictureRequest picture = PictureRequest.of(prompts.get(place)).withClipSkip(clipSkip == null ? 0 : clipSkip);
        picture = weight == null ? picture : picture.withGuidance(weight);
        return t5 == null ? picture : picture.withT5(t5.get(place), negativeT5.get(0));
    }

    /** What the prompts ask for, in their order. */
    List<Condition> conditions(Pipeline pipeline) {
        List<Condition> conditions = new ArrayList<>();
        for (int k = 0; k < prompts.size(); k++) {
            conditions.add(pipeline.condition(picture(k)));
        }
        return conditions;
    }

    /** Says which words there was no room for. */
    void tellLost(Pipeline pipeline) {
        PrintWriter errors = spec.commandLine().getErr();
        for (String prompt : prompts) {
            String lost = pipeline.lost(prompt);
            if (!lost.isEmpty()) {
                errors.println(
                        "paraflux: the prompt is too long for its text encoder: what follows from \"" + shown(lost)
                                + "\" on does not count");
            }
        }
    }

    private static String shown(String text) {
        int most = 120;
        return text.length() <= most ? text : text.substring(0, most) + "...";
    }
}
