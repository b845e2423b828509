package dev.paraflux.metrics;

import dev.paraflux.Load;
import dev.paraflux.Sampler;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A sampler's {@link Load} as Micrometer's meters:
 *
 * <table>
 * <caption>meters</caption>
 * <tr><td>{@code paraflux.samples.waiting}</td><td>gauge: samples that wait for a place</td></tr>
 * <tr><td>{@code paraflux.samples.running}</td><td>gauge: samples that have one</td></tr>
 * <tr><td>{@code paraflux.rounds}</td><td>counter</td></tr>
 * <tr><td>{@code paraflux.evaluations}</td><td>counter: rows that the model was asked for</td></tr>
 * <tr><td>{@code paraflux.model.calls}</td><td>timer: calls of the model, and the time in them</td></tr>
 * </table>
 *
 * <p>Rounds are counted without it, so that it costs nothing between two looks of the registry. The registry does not keep the
 * sampler from being collected. Needs the jar {@code io.micrometer:micrometer-core}, which is an optional dependency.
 *
 * <pre>{@code
 * new SamplerMetrics(sampler, Tags.of("model", "digits")).bindTo(registry);
 * }</pre>
 */
@SuppressWarnings("exports") // Micrometer is optional: who uses this class has it.
public final class SamplerMetrics implements MeterBinder {
    private final Sampler sampler;
    private final Iterable<Tag> tags;

    /** Of a sampler, whose meters have no tags. */
    public SamplerMetrics(Sampler sampler) {
        this(sampler, Tags.empty());
    }

    /** Of a sampler, whose meters have these tags: meters of several samplers in one registry need different ones. */
    public SamplerMetrics(Sampler sampler, Iterable<Tag> tags) {
        this.sampler = Objects.requireNonNull(sampler, "sampler");
        this.tags = Tags.of(tags);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("paraflux.samples.waiting", sampler, one -> one.load().waiting()).tags(tags)
                .description("Samples that wait for a place").register(registry);
        Gauge.builder("paraflux.samples.running", sampler, one -> one.load().underWay()).tags(tags)
                .description("Samples under way").register(registry);
        FunctionCounter.builder("paraflux.rounds", sampler, one -> one.load().rounds()).tags(tags)
                .description("Rounds of all samples under way together").register(registry);
        FunctionCounter.builder("paraflux.evaluations", sampler, one -> one.load().evaluations()).tags(tags)
                .description("Rows that the model was asked for").register(registry);
        FunctionTimer.builder("paraflux.model.calls", sampler, one -> one.load().modelCalls(),
                one -> one.load().modelSeconds(), TimeUnit.SECONDS).tags(tags)
                .description("Calls of the model, and the time in them").register(registry);
    }
}
