package dev.paraflux.pipeline;

import dev.paraflux.Request;
import dev.paraflux.RunOptions;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.SamplerSettings;
import dev.paraflux.check.Require;
import dev.paraflux.method.core.Decoder;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.GuidanceOptions;
import dev.paraflux.model.ModelException;
import dev.paraflux.model.around.Guidance;
import dev.paraflux.model.around.Inpainting;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.schedule.CustomSteps;
import dev.paraflux.schedule.SchedulerConfig;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.SchedulerSolver;
import dev.paraflux.solver.Solver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * Draws pictures of prompts by a pipeline's folder: those of diffusers, from the same seeds.
 *
 * <pre>{@code
 * try (TextToImage painter = TextToImage.builder(Path.of("stable-diffusion")).build()) {
 *     float[] pixels = painter.draw(PictureRequest.of("a red square").withSeed(1)).pixels();
 * }
 * }</pre>
 *
 * <p>Thread-safe, and made for many threads, whose pictures share the rounds of one {@link Sampler}: all that it says of
 * limits, listeners and cancellation holds here. A listener sees latents, which {@link Pipeline#decode} makes pictures of.
 */
public final class TextToImage implements AutoCloseable {
    private final Pipeline pipeline;
    private final Denoiser around;
    private final Sampler sampler;
    private final TimeGrid grid;
    private final Solver solver;
    /** Held for reading while parts work for a request, so that closing can wait for them. */
    private final ReadWriteLock parts = new ReentrantReadWriteLock();

    private TextToImage(Builder settings, Pipeline pipeline) {
        this.pipeline = pipeline;
        PipelineKind kind = pipeline.folder().kind();
        SchedulerConfig config = pipeline.scheduler();
        grid = config.grid(settings.steps > 0 ? settings.steps : config.customSteps().orElse(kind.steps()));
        solver = settings.solverOf(config);
        GuidanceOptions usual = GuidanceOptions.weight(kind.guidance()).withUnconditional(pipeline.unconditional());
        Guidance guided = Guidance.of(pipeline.denoiser(), usual);
        // What is around the denoiser holds nothing before the first batch: where a setting is refused, the pipeline is all
        // that there is to be closed.
        around = Inpainting.of(SchedulerSolver.around(guided, config, grid, solver)).owning();
        sampler = settings.sampler(around, grid, solver, pipeline.decoder());
    }

    /** Begins a painter by a folder, see {@link PipelineFolder}. */
    public static Builder builder(Path folder) {
        return new Builder(folder);
    }

    /** The settings of a painter. A method that stops by pixels looks at those of the decoded picture. */
    public static final class Builder extends SamplerSettings<Builder> {
        private final Path folder;
        private PictureSize size;
        private int steps;
        private CustomSteps custom;
        private SchedulerConfig scheduler;
        private Pipeline.Loading loading = Pipeline.Loading.DEFAULT;

        private Builder(Path folder) {
            super(null, 16, 16);
            this.folder = Objects.requireNonNull(folder, "folder");
        }

        /** The pictures' size; what the pipeline was trained on if not set. */
        public Builder size(int width, int height) {
            size = new PictureSize(width, height);
            return this;
        }

        /** Steps, 1 or more; as many as diffusers takes if not set. */
        public Builder steps(int number) {
            steps = Require.atLeast(1, "steps", number);
            return this;
        }

        /**
         * Times or sigmas of one's own, by {@link SchedulerConfig#withSteps}, which refuses what the scheduler's class does not
         * take. A number of steps, if it is set as well, must be theirs.
         */
        public Builder steps(CustomSteps steps) {
            custom = Objects.requireNonNull(steps, "steps");
            return this;
        }

        /**
         * Another schedule, the solver that it names, and what it says that the model predicts; the folder's if not set. It is
         * taken as it is, where diffusers' pipelines correct the folder's: {@link PipelineFolder#scheduler}.
         */
        public Builder scheduler(SchedulerConfig other) {
            scheduler = Objects.requireNonNull(other, "scheduler");
            return this;
        }

        /** Threads and precision of every part. */
        public Builder loading(LoadOptions options) {
            loading = new Pipeline.Loading(options, loading.lowMemory());
            return this;
        }

        /** Text encoders and autoencoder are let go after each use. */
        public Builder lowMemory() {
            loading = new Pipeline.Loading(loading.options(), true);
            return this;
        }

        private Solver solverOf(SchedulerConfig config) {
            return solverOr(() -> PipelineSchedules.solver(config));
        }

        private Sampler sampler(Denoiser around, TimeGrid grid, Solver settled, Decoder decoder) {
            return sampler(around, grid).solver(settled).method(decoder.seenBy(method())).build();
        }

        /**
         * The painter.
         *
         * @throws IOException              if a file is missing, damaged, or not what it should be; it says what it is
         * @throws IllegalArgumentException if a file or a setting says what is not run; the message names it
         * @throws IllegalStateException    if what runs the files is not there; the message says what is missing
         * @throws ModelException           if a part fails
         */
        public TextToImage build() throws IOException {
            PipelineFolder read = PipelineFolder.read(folder);
            SchedulerConfig config = scheduler == null ? read.scheduler() : scheduler;
            Pipeline pipeline = Pipeline.load(read, size == null ? read.defaultSize() : size, loading,
                    custom == null ? config : config.withSteps(custom));
            try {
                return new TextToImage(this, pipeline);
            } catch (UncheckedIOException e) {
                pipeline.close();
                throw new IOException(e.getMessage(), e);
            } catch (RuntimeException | Error e) {
                pipeline.close();
                throw e;
            }
        }
    }

    /** What it draws with; closed with this. */
    public Pipeline pipeline() {
        return pipeline;
    }

    /** What runs: for requests of {@link #request}, and of others' making. */
    public Sampler sampler() {
        return sampler;
    }

    /** Draws one picture. */
    public DrawnPicture draw(PictureRequest request) {
        return draw(List.of(request), RunOptions.defaults()).get(0);
    }

    /**
     * Draws pictures, in the order of the requests. One that was stopped has no pixels where its run has no values.
     *
     * @throws IllegalArgumentException if a request is illegal
     * @throws UncheckedIOException     if a part cannot be loaded
     * @throws IllegalStateException    if this is closed, or a part fails
     */
    public List<DrawnPicture> draw(List<PictureRequest> requests, RunOptions options) {
        List<PictureRequest> wanted = List.copyOf(requests);
        List<Request> asked = requests(wanted);
        return pictures(wanted, asked, sampler.sample(asked, options));
    }

    /**
     * Draws pictures without waiting for them: {@link Sampler#sampleAsync(List, RunOptions)}; they are decoded as its futures
     * are completed.
     */
    public CompletableFuture<List<DrawnPicture>> drawAsync(List<PictureRequest> requests, RunOptions options) {
        List<PictureRequest> wanted = List.copyOf(requests);
        List<Request> asked = requests(wanted);
        return sampler.sampleAsync(asked, options).thenApply(samples -> pictures(wanted, asked, samples));
    }

    private List<Request> requests(List<PictureRequest> requests) {
        return requests.stream().map(this::request).toList();
    }

    private List<DrawnPicture> pictures(List<PictureRequest> requests, List<Request> asked, List<Sample> samples) {
        return withParts(() -> {
            List<DrawnPicture> pictures = new ArrayList<>();
            for (int k = 0; k < samples.size(); k++) {
                pictures.add(picture(requests.get(k), asked.get(k), samples.get(k)));
            }
            return pictures;
        });
    }

    private DrawnPicture picture(PictureRequest request, Request asked, Sample sample) {
        float[] latents = sample.hasValues() ? Pipeline.known(sample.values(), asked.conditioning().mask()) : null;
        return new DrawnPicture(sample, latents, latents == null ? null : pipeline.decode(latents),
                pipeline.lost(request.prompt()));
    }

    private <T> T withParts(Supplier<T> work) {
        parts.readLock().lock();
        try {
            return work.get();
        } finally {
            parts.readLock().unlock();
        }
    }

    /**
     * What a picture asks of the sampler.
     *
     * @throws IllegalArgumentException if it is illegal
     * @throws UncheckedIOException     if a part cannot be loaded
     * @throws IllegalStateException    if this is closed, or a part fails
     */
    public Request request(PictureRequest picture) {
        return withParts(() -> asked(picture));
    }

    private Request asked(PictureRequest picture) {
        PipelineKind kind = pipeline.folder().kind();
        double weight = picture.guidance() == null ? kind.guidance() : picture.guidance();
        TimeGrid steps = picture.begin().picture() == null ? grid : solver.end(grid, picture.begin().strength());
        Request unguided = pipeline.request(picture, steps, solver);
        boolean alone = pipeline.folder().takesGuidance();
        Request request = unguided.withGuidance(GuidanceOptions.weight(alone ? 1 : PipelineKind.weight(weight))
                .withRescale(picture.rescale()).withUnconditional(pipeline.unconditional(picture.negativePrompt(),
                        picture.text().negativeT5(), unguided.condition())));
        // What clips the prediction is made for the sampler's own grid, and takes no other one.
        return steps.equals(grid) ? request : request.withGrid(steps);
    }

    /**
     * Ends what is under way, within what a part takes that is working, and frees the pipeline. A second call does nothing.
     *
     * @throws IllegalStateException if this is called from within a run, or the pipeline is used otherwise meanwhile; nothing
     *                               is drawn any more, and another call frees it
     */
    @Override
    public void close() {
        sampler.close();
        parts.writeLock().lock();
        try {
            around.close();
            pipeline.close();
        } finally {
            parts.writeLock().unlock();
        }
    }
}
