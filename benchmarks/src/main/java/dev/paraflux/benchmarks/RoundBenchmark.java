package dev.paraflux.benchmarks;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.device.Queue;
import dev.paraflux.device.RowProgram;
import dev.paraflux.method.Method;
import dev.paraflux.method.core.Chords;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.method.core.Srds;
import dev.paraflux.method.core.StopRule;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Denoiser;
import dev.paraflux.schedule.FinalAlpha;
import dev.paraflux.schedule.NoiseSchedule;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.Spacing;
import dev.paraflux.schedule.TimeGrid;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the library itself costs a round: DDIM of 500 steps, to the exact sample, with a model that does nothing. One
 * operation is one round: asking the samples for their rows (sequentially one each, by SRDS and CHORDS up to one a core),
 * an empty model call, the finite check, the fused updates and corrections, progress. {@code kernels} is what no engine could
 * do without: the model's zeros, one call of the kernels for the update and its check of a row each sample, one wait. With
 * {@code -prof gc} the allocation column is the garbage of a round, the run's own (samples, results) spread over it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RoundBenchmark {
    private static final int ROUNDS = 500;

    @Param({"1", "10"})
    int samples;

    @Param({"16", "784", "16384"})
    int dim;

    @Param({"sequential", "srds", "chords"})
    String method;

    private Sampler sampler;
    private List<Request> requests;
    private Queue queue;
    private Buffer states;
    private Buffer predictions;
    private float[] zeros;
    private final RowProgram updates = new RowProgram();

    @Setup
    public void open() {
        TimeGrid grid = TimeGrid.of(NoiseSchedule.linear(1000, 1e-4, 0.02), ROUNDS, Spacing.TRAILING, 0,
                FinalAlpha.ONE);
        sampler = Sampler.builder(new Idle(new float[dim]), grid).method(methodNamed()).maxBatch(512).build();
        float[] start = new float[dim];
        requests = IntStream.range(0, samples).mapToObj(s -> Request.seed(s).withStart(start)).toList();
        queue = Device.cpu().queue();
        states = Device.cpu().allocate(samples, dim);
        predictions = Device.cpu().allocate(samples, dim);
        zeros = new float[dim];
        for (int s = 0; s < samples; s++) {
            updates.into(states, s).plus(1.001, states, s).plus(-0.002, predictions, s);
            updates.row().plus(1, predictions, s).squares();
        }
    }

    private Method methodNamed() {
        StopRule never = StopRule.pixels(0);
        return switch (method) {
            case "srds" -> Srds.defaults().withStop(never);
            case "chords" -> Chords.ofCores(8).withStop(never);
            default -> new Sequential();
        };
    }

    @TearDown
    public void close() {
        sampler.close();
        states.close();
        predictions.close();
        queue.close();
    }

    @Benchmark
    public void kernels() {
        for (int s = 0; s < samples; s++) {
            predictions.write(s, zeros);
        }
        queue.run(updates);
        queue.await();
    }

    @Benchmark
    @OperationsPerInvocation(ROUNDS)
    public List<Sample> round() {
        return sampler.sample(requests);
    }

    /** Writes one row of zeros after the other, which is the least that a model can do. */
    private record Idle(float[] zeros) implements Denoiser {
        @Override
        public int[] shape() {
            return new int[] {zeros.length};
        }

        @Override
        public Prediction prediction() {
            return Prediction.EPSILON;
        }

        @Override
        public void requireLegal(Condition condition) {}

        @Override
        public void evaluate(Batch batch) {
            for (int i = 0; i < batch.size(); i++) {
                batch.predictions().write(batch.predictionRow(i), zeros);
            }
        }
    }
}
