package dev.paraflux.cli.option;

import dev.paraflux.Cancellation;
import dev.paraflux.ProgressListener;
import dev.paraflux.Request;
import dev.paraflux.RunOptions;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.device.Device;
import dev.paraflux.method.Method;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.Mask;
import dev.paraflux.model.pretrained.CardedDenoiser;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.pipeline.Pipeline;
import dev.paraflux.plan.Planner;
import dev.paraflux.plan.SamplingPlan;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What {@link WorkloadOptions} ask for, checked, with its model in memory: any method can draw it, again and again. */
public final class Workload implements AutoCloseable {
    private final CardedDenoiser denoiser;
    private final Pipeline pipeline;
    private final Denoiser painter;
    private final Steps plain;
    private final Steps steps;
    private final List<Request> requests;
    private final Duration limit;
    private final Device device;
    private final Supplier<OtherWork> others;

    /** The painter owns the model and all between. The pipeline is null where there is none, the limit for none. */
    Workload(CardedDenoiser denoiser, Pipeline pipeline, Denoiser painter, Steps plain, Steps steps,
            List<Request> requests, Duration limit, Device device,
            Supplier<OtherWork> others) {
        this.denoiser = denoiser;
        this.pipeline = pipeline;
        this.painter = painter;
        this.plain = plain;
        this.steps = steps;
        this.requests = requests;
        this.limit = limit;
        this.device = device;
        this.others = others;
    }

    /** How many samples are asked for. */
    public int samples() {
        return requests.size();
    }

    /** The model's card. */
    public ModelCard card() {
        return denoiser.card();
    }

    /** How its samples are looked at. */
    public Look look() {
        return pipeline == null ? Look.of(denoiser.card()) : Look.of(pipeline);
    }

    /** A sampler that draws this by a method; to be closed before this. */
    public Sampler sampler(Method method) {
        return sampler(method, steps);
    }

    /** A sampler of the same samples by other steps. */
    public Sampler sampler(Method method, Steps others) {
        return Sampler.builder(painter, others.grid()).solver(others.solver()).method(look().sees(method))
                .device(device)
                .build();
    }

    /** A planner of such samples, as many at once as are asked for; two of them are drawn, alone, where there is one only. */
    public Planner.Builder planner() {
        Request first = requests.get(0);
        Planner.Builder planner = Planner.builder(painter, steps.grid()).solver(steps.solver()).device(device)
                .requests(requests.size() > 1 ? requests : List.of(first, first.withSeed(first.seed() + 1)))
                .atOnce(requests.size());
        return pipeline == null ? planner : planner.decoder(pipeline.decoder());
    }

    /** Fewer steps by better solvers that a plan may try, to be closed before this; none where it is not steps alone that count. */
    public OtherWork others() {
        return others.get();
    }

    /**
     * A sampler that draws this as a plan says; to be closed before this.
     *
     * @throws IllegalArgumentException if the plan was made for something else
     */
    public Sampler sampler(SamplingPlan plan) {
        return plan.sampler(painter, steps.grid(), steps.solver(), device)
                .method(look().sees(plan.chosen().candidate().method())).build();
    }

    /** What is drawn, in words, by names. */
    public Map<String, String> facts() {
        Map<String, String> facts = WorkFacts.of(denoiser, steps);
        facts.put("samples", String.valueOf(requests.size()));
        return facts;
    }

    /** Refuses a plan that was made for something else. */
    public void requireMadeFor(SamplingPlan plan) {
        plan.requireMadeFor(painter, steps.grid(), steps.solver(), device);
    }

    /** Where rows lie. */
    public Device device() {
        return device;
    }

    /** The steps before they were corrected, if they are. */
    public Steps plain() {
        return plain;
    }

    /** The steps that are wanted. */
    public Steps steps() {
        return steps;
    }

    /**
     * Refuses a method that does not suit the steps, without running it.
     *
     * @throws IllegalArgumentException if it does not
     */
    public void requireSuits(Method method) {
        sampler(method).close();
    }

    /** Draws the samples asked for. */
    public List<Sample> run(Sampler sampler, Cancellation interrupt, ProgressListener listener) {
        RunOptions options = RunOptions.defaults().withCancellation(interrupt).withListener(listener);
        try {
            return known(sampler.sample(requests, limit == null ? options : options.withTimeout(limit)));
        } catch (IllegalValueException e) {
            // All that was given has been checked: this would be a fault of the program.
            throw new RuntimeException(e);
        }
    }

    /** Latents that are known are as they were given. */
    private List<Sample> known(List<Sample> samples) {
        for (int s = 0; s < samples.size() && pipeline != null; s++) {
            Mask mask = requests.get(s).conditioning().mask();
            if (mask != null && samples.get(s).hasValues()) {
                float[] values = samples.get(s).values();
                System.arraycopy(Pipeline.known(values, mask), 0, values, 0, values.length);
            }
        }
        return samples;
    }

    @Override
    public void close() {
        painter.close();
        if (pipeline != null) {
            pipeline.close();
        }
    }
}
