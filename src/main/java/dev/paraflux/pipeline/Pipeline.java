package dev.paraflux.pipeline;

import dev.paraflux.Request;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.device.Lifetime;
import dev.paraflux.method.core.Decoder;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Mask;
import dev.paraflux.model.ModelException;
import dev.paraflux.model.TensorValue;
import dev.paraflux.model.file.ModelFile;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.pretrained.ModelInput;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.schedule.SchedulerConfig;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Solver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A pipeline in memory, for pictures of one size: what turns prompts into conditions, denoises latents, and decodes them.
 * {@link TextToImage} draws with it. Thread-safe.
 */
public final class Pipeline implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.paraflux");

    private final PipelineFolder folder;
    private final PictureSize size;
    private final SchedulerConfig scheduler;
    private final PretrainedDenoiser denoiser;
    private final Prompts prompts;
    private final Latents latents;
    private final Lifetime lifetime = new Lifetime("Pipeline");

    /**
     * How a pipeline is loaded.
     *
     * @param options   threads of every part, and the precision of what denoises
     * @param lowMemory whether text encoders and autoencoder are let go after each use, and loaded again for the next
     */
    public record Loading(LoadOptions options, boolean lowMemory) {
        /** One thread, the files' own numbers, every part kept. */
        public static final Loading DEFAULT = new Loading(LoadOptions.DEFAULT, false);
    }

    private Pipeline(PipelineFolder folder, PictureSize size, SchedulerConfig scheduler, PretrainedDenoiser denoiser,
            Prompts prompts, Latents latents) {
        this.folder = folder;
        this.size = size;
        this.scheduler = scheduler;
        this.denoiser = denoiser;
        this.prompts = prompts;
        this.latents = latents;
        lifetime.watch();
    }

    /**
     * Loads what denoises; the other parts are loaded when they are first needed. What all of it takes in memory,
     * {@link PipelineFolder#memory}, is logged before, for debugging.
     *
     * @param size of its pictures
     * @throws IOException              if a file is missing, damaged, or not what it should be; it says what it is
     * @throws IllegalArgumentException if the size is no multiple of what it must be, or a part does not take what its
     *                                  config.json says
     * @throws IllegalStateException    if what runs the files is not there; the message says what is missing
     * @throws ModelException           if the model's own code raises an error on a row
     */
    public static Pipeline load(PipelineFolder folder, PictureSize size, Loading loading) throws IOException {
        return load(folder, size, loading, folder.scheduler());
    }

    /**
     * The same by another schedule: what its {@code prediction_type} says of the model holds, as in diffusers.
     *
     * @throws IllegalValueException if one of both is of flow matching, and the other is not
     * @see #load(PipelineFolder, PictureSize, Loading)
     */
    public static Pipeline load(PipelineFolder folder, PictureSize size, Loading loading, SchedulerConfig other)
            throws IOException {
        PipelineSchedules.requirePredictsAs(folder, other);
        folder.requireSize(size);
        PipelineMemory memory = folder.memory();
        LOG.log(System.Logger.Level.DEBUG, () -> "pipeline " + folder.folder() + ": " + memory);
        Adapters.tell(folder.folder(), LOG);
        LoadOptions others = LoadOptions.DEFAULT.withThreads(loading.options().threads());
        Latents latents = new Latents(folder, size, others, !loading.lowMemory());
        Prompts prompts = new Prompts(folder, size, others, !loading.lowMemory());
        int[] shape = latents.shape();
        SchedulerConfig scheduler = PipelineSchedules.suited(folder, shape, other);
        List<ModelInput> inputs = new ArrayList<>(prompts.inputs());
        inputs.addAll(folder.takesMask() ? Painted.inputs(shape) : List.of());
        ModelCard card = new ModelCard(folder.name(), Arrays.stream(shape).boxed().toList(), folder.kind().latents(),
                "timestep", inputs, folder.kind().guidance(), scheduler);
        PretrainedDenoiser denoiser = ModelFile.load(folder.denoiserFile(), card, loading.options());
        return new Pipeline(folder, size, scheduler, denoiser, prompts, latents);
    }

    /** What was loaded. */
    public PipelineFolder folder() {
        return folder;
    }

    /** Of its pictures. */
    public PictureSize size() {
        return size;
    }

    /** The schedule and the solver that it names. */
    public SchedulerConfig scheduler() {
        return scheduler;
    }

    /**
     * Another schedule as diffusers' pipelines of this kind take it: shifted by the size where it asks for that, and with the
     * sigmas of the scheduler, if nobody has said otherwise, where the pipeline gives none.
     */
    public SchedulerConfig suited(SchedulerConfig other) {
        return PipelineSchedules.suited(folder, latents.shape(), other);
    }

    /** What predicts latents; closed with this. */
    public PretrainedDenoiser denoiser() {
        return denoiser;
    }

    /**
     * What a picture's prompt asks for. One that is too long is cut: {@link #lost}.
     *
     * @throws IllegalValueException if more layers of the text encoders are left out than there are, or there are vectors of T5
     *                               where there must be none, or none where there must be
     * @throws UncheckedIOException  if a text encoder cannot be loaded
     * @throws IllegalStateException if it is closed, or a text encoder fails
     */
    public Condition condition(PictureRequest picture) {
        lifetime.acquire();
        try {
            return prompts.condition(picture);
        } finally {
            lifetime.release();
        }
    }

    /**
     * What guidance leads away from.
     *
     * @param negativePrompt null for none, which is not the same as an empty one for Stable Diffusion XL
     * @param t5             see {@link PictureRequest#withT5}; null for none
     * @throws IllegalValueException as {@link #condition}
     * @throws UncheckedIOException  as {@link #condition}
     * @throws IllegalStateException as there
     */
    public Condition unconditional(String negativePrompt, TensorValue t5) {
        lifetime.acquire();
        try {
            return complete(prompts.withT5(prompts.unconditional(negativePrompt), t5));
        } finally {
            lifetime.release();
        }
    }

    /**
     * The same for one picture: a denoiser that takes a mask is given the picture's own for both halves.
     *
     * @param asked what the picture asks for: the condition of its {@link #request}
     */
    public Condition unconditional(String negativePrompt, TensorValue t5, Condition asked) {
        Condition text = unconditional(negativePrompt, t5);
        return folder.takesMask() ? Painted.with(text, asked) : text;
    }

    /** What is led away from where nobody says; with zeros for T5. That parts do not fit one another shows here. */
    Condition unconditional() {
        return complete(prompts.unconditional(null));
    }

    /** With the usual weight, no mask and no picture, where the denoiser takes some. */
    private Condition complete(Condition text) {
        Condition weighted = prompts.weighted(text, null);
        return folder.takesMask() ? Painted.without(weighted, latents.shape()) : weighted;
    }

    /** [channels, height, width] of its latents. */
    int[] latentShape() {
        return latents.shape();
    }

    /** The end of a prompt that not every text encoder has room for; empty if all of it counts. */
    public String lost(String prompt) {
        return prompts.lost(prompt);
    }

    /** Makes pictures [3, height, width] of latents, with values from -1 to 1. */
    public Decoder decoder() {
        return latents;
    }

    /**
     * The picture of a latent.
     *
     * @param latent as the denoiser's shape has it
     * @return [3, height, width], -1 to 1
     * @throws IllegalArgumentException if it has another length, or a value that is not finite
     * @throws UncheckedIOException     if the decoder cannot be loaded
     * @throws IllegalStateException    if it is closed, or the decoder fails
     */
    public float[] decode(float[] latent) {
        lifetime.acquire();
        try {
            float[] picture = new float[latents.pictureDim()];
            latents.decode(Require.finite("latent", latent), picture);
            return picture;
        } finally {
            lifetime.release();
        }
    }

    /**
     * The latents of a picture.
     *
     * @param picture [3, height, width], -1 to 1
     * @param noise   start noise as for a sample: the encoder tells a distribution, of which one latent is drawn
     * @throws IllegalArgumentException if one has another length, or a value that is not finite
     * @throws UncheckedIOException     if the pipeline has no encoder, or it cannot be loaded
     * @throws IllegalStateException    if it is closed, or the encoder fails
     */
    public float[] encode(float[] picture, float[] noise) {
        Require.length(latents.dim(), "noise", noise.length);
        lifetime.acquire();
        try {
            return latents.encode(Require.finite("picture", picture), Require.finite("noise", noise));
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        } finally {
            lifetime.release();
        }
    }

    /**
     * A mask of pixels as one of latents, each of which is painted where the pixel at its upper left corner is 0.5 or more.
     *
     * @param pixels [height, width], 0 (known) to 1 (to paint)
     * @throws IllegalValueException if it has another length, or another value
     */
    public float[] latentMask(float[] pixels) {
        return latents.mask(pixels);
    }

    /**
     * What a picture asks of a sampler of the denoiser: condition, noise, and what it begins from; guidance is not in it.
     *
     * @param steps  that are taken, shortened where it begins from a picture
     * @param solver of these steps
     * @throws IllegalArgumentException if the request is illegal
     * @throws UncheckedIOException     if a part cannot be loaded
     * @throws IllegalStateException    if it is closed, or a part fails
     */
    public Request request(PictureRequest picture, TimeGrid steps, Solver solver) {
        return new AskedPicture(this, picture).request(steps, solver);
    }

    /**
     * A sample's latents with what is known as it was given: grids need not end without noise.
     *
     * @param mask null for none: the same values
     */
    public static float[] known(float[] values, Mask mask) {
        if (mask == null) {
            return values;
        }
        float[] latents = new float[values.length];
        for (int i = 0; i < latents.length; i++) {
            latents[i] = mask.mask(i) * values[i] + (1 - mask.mask(i)) * mask.known(i);
        }
        return latents;
    }

    /**
     * Frees every part. A second call does nothing.
     *
     * @throws IllegalStateException if it is in use; it stays open
     */
    @Override
    public void close() {
        if (lifetime.closeWith(denoiser::close)) {
            prompts.close();
            latents.close();
        }
    }

    @Override
    public String toString() {
        return "pipeline " + folder.name() + " of " + size;
    }
}
