package dev.paraflux.pipeline;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.json.JsonFile;
import dev.paraflux.json.JsonValue;
import dev.paraflux.schedule.SchedulerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A folder of a diffusion pipeline as hubs hand them out, in the layout of Optimum: {@code model_index.json}, and in
 * folders of their own {@code unet} or {@code transformer}, {@code text_encoder} and {@code text_encoder_2}, their
 * {@code tokenizer}s, {@code vae_decoder}, {@code vae_encoder} where there is one, and {@code scheduler}. A part is
 * {@code model.onnx}, {@code model.pt} or {@code model.pt2}. Read without loading any part.
 */
public final class PipelineFolder {
    private static final List<String> FILES = List.of("model.onnx", "model.pt", "model.pt2");
    private static final List<String> NO_WEIGHTS_OF_A_GRAPH = List.of(".json", ".txt", ".md", ".onnx", ".pt", ".pt2",
            ".safetensors", ".bin", ".msgpack");
    private static final String ENCODER = "vae_encoder";
    private static final String T5 = "text_encoder_3";

    private final Path folder;
    private final PipelineKind kind;
    private final SchedulerConfig scheduler;
    private final DenoiserConfig denoiser;
    private final LatentConfig latents;
    private final List<EncoderFiles> encoders;
    private final boolean zerosForNone;
    private final boolean needsT5;

    private PipelineFolder(Path folder, JsonValue index) throws IOException {
        this.folder = folder;
        JsonValue name = index.get("_class_name");
        kind = PipelineKind.classes().get(name.text());
        if (kind == null) {
            throw name.wrong(PipelineKind.classNames());
        }
        if (index.has("requires_aesthetics_score") && index.get("requires_aesthetics_score").flag()) {
            throw index.get("requires_aesthetics_score").wrong("false: refiners are not run");
        }
        needsT5 = kind == PipelineKind.STABLE_DIFFUSION_3 && has(index, T5);
        if (!needsT5 && has(index, T5)) {
            throw index.get(T5).wrong("[null, null] for a pipeline that is not of Stable Diffusion 3");
        }
        // The others' pipelines do not ask for it.
        zerosForNone = kind == PipelineKind.STABLE_DIFFUSION_XL && (!index.has("force_zeros_for_empty_prompt")
                || index.get("force_zeros_for_empty_prompt").flag());
        scheduler = PipelineSchedules.ofFolder(kind, name.text(),
                SchedulerConfig.read(required(folder.resolve("scheduler"),
                        "scheduler_config.json", "it tells the noise schedule and the solver")));
        denoiser = DenoiserConfig.read(folder.resolve(kind.denoiser()), kind);
        latents = LatentConfig.read(folder.resolve("vae_decoder"));
        if (denoiser.channels() != latents.channels() && !takesMask()) {
            throw new IllegalValueException("in_channels", denoiser.channels(), latents.channels()
                    + ", the latent_channels of vae_decoder, or " + Painted.channels(latents.channels())
                    + " of a UNet that takes a mask; what takes a picture alone besides is not run")
                    .in(folder.resolve(kind.denoiser()).resolve("config.json").toString());
        }
        encoders = EncoderFiles.read(folder, kind);
        // What is missing or too large is told before anything is loaded.
        defaultSize();
        denoiserFile();
        decoderFile();
    }

    /**
     * Reads a folder.
     *
     * @throws IOException              if a file is missing, or no JSON
     * @throws IllegalArgumentException with file and key, if a file says what is not run here
     */
    public static PipelineFolder read(Path folder) throws IOException {
        if (Files.isRegularFile(folder)) {
            throw new IOException("pipeline " + folder + " is a file: it must be a folder; " + Adapters.ofWeights());
        }
        if (!Files.isDirectory(folder)) {
            throw new IOException("pipeline " + folder + " does not exist or is no folder: it must be one of this"
                    + " machine; one of a hub is exported first (docs/pipelines.md)");
        }
        Path index = folder.resolve("model_index.json");
        if (!Files.isRegularFile(index)) {
            Optional<String> adapter = Adapters.in(folder);
            if (adapter.isPresent()) {
                throw new IOException("pipeline " + folder + " is none: its " + adapter.get());
            }
            throw new IOException(
                    "pipeline " + folder + " has no model_index.json: it must be the folder of the whole pipeline,"
                            + " as it is on the hub");
        }
        JsonValue read = JsonFile.read(index).requireObject();
        if (Files.isDirectory(folder.resolve("vae")) && !Files.isDirectory(folder.resolve("vae_decoder"))) {
            throw new IOException(
                    "pipeline " + folder + " has weights without programs, as diffusers saves them: python"
                            + " tools/export_pipeline.py " + folder + " MINE writes a folder that is drawn from"
                            + " (docs/pipelines.md)");
        }
        return new PipelineFolder(folder, read);
    }

    private static boolean has(JsonValue index, String part) {
        return index.has(part) && index.get(part).list().stream().anyMatch(JsonValue::isPresent);
    }

    /** A file of a folder that must be there. */
    static Path required(Path folder, String name, String why) throws IOException {
        Path file = folder.resolve(name);
        if (!Files.isRegularFile(file)) {
            throw new IOException("pipeline part " + folder + (Files.isDirectory(folder) ? " has no " + name
                    : " is missing, with its " + name) + ": " + why + "; copy it from where the pipeline is from");
        }
        return file;
    }

    /** The model of a part. */
    static Path model(Path part) throws IOException {
        List<Path> found = FILES.stream().map(part::resolve).filter(Files::isRegularFile).toList();
        if (found.size() == 1) {
            return found.get(0);
        }
        if (found.isEmpty()) {
            throw new IOException(
                    "pipeline part " + part + (Files.isDirectory(part) ? " has none of " : " is missing, with ")
                            + String.join(", ", FILES) + names(part) + ": export the pipeline (docs/pipelines.md)");
        }
        throw new IOException(
                "pipeline part " + part + " has " + found.stream().map(file -> file.getFileName().toString())
                        .collect(Collectors.joining(" and ")) + ": leave one of them");
    }

    /** What lies there instead: weights without a program, for example. */
    private static String names(Path part) throws IOException {
        if (!Files.isDirectory(part)) {
            return "";
        }
        try (Stream<Path> files = Files.list(part)) {
            String all = files.map(file -> file.getFileName().toString()).sorted().limit(8)
                    .collect(Collectors.joining(", "));
            return all.isEmpty() ? "" : ", but " + all;
        }
    }

    /** Where it is. */
    public Path folder() {
        return folder;
    }

    /** What it is called: the folder's own name. */
    public String name() {
        Path name = folder.toAbsolutePath().normalize().getFileName();
        return name == null ? "pipeline" : name.toString();
    }

    /** What it is. */
    public PipelineKind kind() {
        return kind;
    }

    /**
     * Its schedule, and the solver that it names. Of Stable Diffusion 1 and 2 it is what diffusers' pipelines make of the file of
     * their folder: with a {@code steps_offset} of 1, and without {@code clip_sample}.
     */
    public SchedulerConfig scheduler() {
        return scheduler;
    }

    /**
     * Whether it has T5, which is not run here: {@link PictureRequest#withT5} brings what T5 makes of a text. Without T5 its
     * part of the prompt is zeros.
     */
    public boolean needsT5() {
        return needsT5;
    }

    /** Whether what denoises was trained for inpainting, and takes a mask and the rest of its picture: they must be given. */
    public boolean takesMask() {
        return kind != PipelineKind.STABLE_DIFFUSION_3 && denoiser.channels() == Painted.channels(latents.channels());
    }

    /** Whether what denoises was distilled for guidance, and takes the weight: there is one half then. */
    public boolean takesGuidance() {
        return denoiser.guidance() > 0;
    }

    /** The size that it was trained on. */
    public PictureSize defaultSize() {
        try {
            return new PictureSize(denoiser.width() * latents.factor(), denoiser.height() * latents.factor());
        } catch (IllegalValueException e) {
            throw e.named("sample_size, times " + latents.factor() + ": " + e.name())
                    .in(folder.resolve(kind.denoiser()).resolve("config.json").toString());
        }
    }

    /** What widths and heights are multiples of. */
    public int sizeStep() {
        return latents.factor() * denoiser.patch();
    }

    /**
     * Checks a size.
     *
     * @throws IllegalValueException if its width or height is no multiple of {@link #sizeStep}
     */
    public void requireSize(PictureSize size) {
        if (size.width() % sizeStep() != 0 || size.height() % sizeStep() != 0) {
            throw new IllegalValueException("size", size, "of a width and height that are multiples of " + sizeStep()
                    + " pixels, for pipeline " + folder);
        }
    }

    /**
     * Checks how many layers of the text encoders are left out: {@link PictureRequest#withClipSkip}.
     *
     * @throws IllegalValueException if that is more than they have, or of two encoders, whose last layer is not used, one less
     */
    public void requireClipSkip(int layers) {
        int least = encoders.stream().mapToInt(EncoderFiles::layers).min().orElseThrow();
        int most = kind.encoders() == 1 ? least : least - 1;
        if (layers < 0 || layers > most) {
            throw new IllegalValueException("clipSkip", layers, "0 to " + most + " for pipeline " + folder
                    + ", as its text encoders' num_hidden_layers say");
        }
    }

    /**
     * What its parts take in memory.
     *
     * @throws IOException if a file cannot be looked at
     */
    public PipelineMemory memory() throws IOException {
        List<PipelineMemory.Part> parts = new ArrayList<>();
        Path file = denoiserFile();
        long bytes = weights(file);
        // Weights beside a graph are not copied with it.
        boolean edited = file.toString().endsWith(".onnx") && Files.size(file) > bytes / 2;
        parts.add(PipelineMemory.Part.denoiser(kind.denoiser(), bytes, edited));
        List<Path> others = new ArrayList<>();
        encoders.forEach(encoder -> others.add(encoder.model()));
        others.add(decoderFile());
        if (FILES.stream().map(folder.resolve(ENCODER)::resolve).anyMatch(Files::isRegularFile)) {
            others.add(encoderFile());
        }
        for (Path other : others) {
            parts.add(PipelineMemory.Part.network(other.getParent().getFileName().toString(), weights(other)));
        }
        return new PipelineMemory(parts);
    }

    /** Bytes of a model's file, and of those beside a graph that may hold its weights. */
    private static long weights(Path model) throws IOException {
        long bytes = Files.size(model);
        if (!model.toString().endsWith(".onnx")) {
            return bytes;
        }
        try (Stream<Path> files = Files.list(model.getParent())) {
            for (Path file : files.filter(Files::isRegularFile).filter(other -> !other.equals(model)).toList()) {
                String name = file.getFileName().toString();
                bytes += NO_WEIGHTS_OF_A_GRAPH.stream().anyMatch(name::endsWith) ? 0 : Files.size(file);
            }
        }
        return bytes;
    }

    DenoiserConfig denoiser() {
        return denoiser;
    }

    LatentConfig latents() {
        return latents;
    }

    List<EncoderFiles> encoderFiles() {
        return encoders;
    }

    /** Whether a prompt that is not given is zeros, and not the empty text. */
    boolean zerosForNone() {
        return zerosForNone;
    }

    Path denoiserFile() throws IOException {
        return model(folder.resolve(kind.denoiser()));
    }

    Path decoderFile() throws IOException {
        return model(folder.resolve("vae_decoder"));
    }

    /** The half of the autoencoder that pictures to begin from need. */
    Path encoderFile() throws IOException {
        return model(folder.resolve(ENCODER));
    }
}
