package dev.paraflux.cli.option;

import dev.paraflux.Request;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.device.Device;
import dev.paraflux.iia.IiaCoefficients;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.around.Inpainting;
import dev.paraflux.pipeline.Pipeline;
import dev.paraflux.plan.Advice;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say what is drawn, whatever the method: the model, its schedule, the solver, and the requests. */
public final class WorkloadOptions {
    static final int STEPS_BY_DEFAULT = 25;

    @Mixin
    private ModelOptions model;

    @Mixin
    private IiaOptions iia;

    @Mixin
    private RequestOptions wanted;

    @Mixin
    private ImageOptions images;

    @Option(names = "--timeout", paramLabel = "SECONDS",
            description = "Give up a run after so many seconds of sampling.")
    private Double timeout;

    @Option(names = "--device", paramLabel = "NAME",
            description = "Where rows lie and kernels run: cpu, or a CUDA device such as cuda:0; for the model see"
                    + " --model-device. Default: cpu.")
    private String device;

    private Duration limit;
    private Device where;

    /** Checks what can be checked without a model, and reads the files. */
    public void read() throws IOException {
        limit = limit();
        where = device == null ? Device.byDefault() : NamedDevice.of("--device", device);
        iia.read();
        model.read(iia.defaults(() -> model.pipelines().given() ? model.pipelines().steps() : STEPS_BY_DEFAULT));
        if (model.pipelines().given()) {
            wanted.requireNoLabels();
        }
        iia.check(model);
        wanted.read();
        images.read();
        if (model.pipelines().takesMask() && !images.masked()) {
            throw IllegalValueException.missing("--mask", "given with --image: what denoises in pipeline "
                    + model.pipelines().path() + " was trained for inpainting, and takes them");
        }
        if (iia.given()) {
            images.requireWholeGrid(iia.toString());
            wanted.requireNoRowNoise("a corrected solver");
        }
        model.checkSteps(images::shorten);
    }

    /** The files that are read, by the options that name them. */
    public Map<String, Path> files() {
        Map<String, Path> files = new HashMap<>(model.files());
        files.putAll(wanted.files());
        files.putAll(images.files());
        files.put("--iia", iia.file());
        return files;
    }

    /** What pictures are to show; empty without a pipeline. */
    public List<String> prompts() {
        return model.pipelines().given() ? model.pipelines().texts() : List.of();
    }

    /** What the solver is corrected by, if it is. */
    public Optional<IiaCoefficients> coefficients() {
        return Optional.ofNullable(iia.coefficients());
    }

    /** Loads the model and checks the rest. */
    public Workload load() throws IOException {
        return workload(model.load());
    }

    /** Refuses other models where there is a pipeline: what they predict is none of its latents. */
    public void requireNoneBeside(List<String> others) {
        if (model.pipelines().given() && !others.isEmpty()) {
            throw new IllegalValueException(Beside.OPTION, others, "left out where --pipeline is given");
        }
    }

    /** The same with another model. */
    public Workload load(Beside other) throws IOException {
        return workload(model.load(other));
    }

    private Workload workload(Loaded loaded) {
        try {
            Denoiser painter = images.masked() ? Inpainting.of(loaded.clipped()).owning() : loaded.clipped();
            Steps plain = new Steps(images.shorten(loaded.steps().grid(), loaded.steps().solver()),
                    loaded.steps().solver());
            Steps steps = iia.correct(plain, painter);
            int rows = steps.solver().system(steps.grid(), painter.prediction()).rows();
            List<Request> requests = loaded.pipeline() == null
                    ? images.apply(wanted.requests(loaded.card(), rows), loaded.card())
                    : pictures(loaded.pipeline(), steps, rows);
            requests.forEach(request -> loaded.model().requireLegal(request.condition()));
            return new Workload(loaded.model(), loaded.pipeline(), painter, plain, steps, requests, limit, where,
                    () -> stepsAloneCount() ? OtherWork.of(loaded, model) : OtherWork.none());
        } catch (RuntimeException | Error e) {
            loaded.close();
            throw e;
        }
    }

    /** Of a pipeline, an image, corrected steps or noise of rows, more than the steps would have to change. */
    private boolean stepsAloneCount() {
        return !model.pipelines().given() && images.files().values().stream().allMatch(Objects::isNull) && !iia.given()
                && !wanted.hasRowNoise();
    }

    /**
     * Takes the other steps of a plan from now on, whatever was asked for.
     *
     * @throws IllegalValueException if they are of no solver here
     */
    public void take(Advice advice) throws IOException {
        SolverName solver = SolverName.named(advice.name()).orElseThrow(() -> new IllegalValueException(
                "solver of the plan's other steps", advice.name(), "one of " + SolverName.names()));
        model.take(solver, advice.problem().steps());
        read();
    }

    private List<Request> pictures(Pipeline pipeline, Steps steps, int rows) {
        model.pipelines().tellLost(pipeline);
        return wanted.pictures(model.pipelines(), pipeline.denoiser().card()).stream()
                .map(picture -> pipeline.request(images.apply(picture, pipeline), steps.grid(), steps.solver()))
                .map(request -> model.guided(request, pipeline))
                .map(request -> wanted.withRowNoise(request, pipeline.denoiser().card(), rows)).toList();
    }

    private Duration limit() {
        if (timeout == null) {
            return null;
        }
        Require.that(timeout > 0 && timeout < 1e9, "--timeout", timeout, "above 0 and below 1e9 seconds");
        return Duration.ofNanos(Math.max(1, Math.round(timeout * 1e9)));
    }
}
