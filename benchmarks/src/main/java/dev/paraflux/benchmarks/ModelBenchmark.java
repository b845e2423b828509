package dev.paraflux.benchmarks;

import dev.paraflux.demo.DemoModel;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.schedule.NoiseLevel;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * beta(W) of the demo model: the time of a batch of W over the time of one row, which decides whether solving a
 * trajectory in parallel can pay. With {@code -prof gc} also the garbage that one model call leaves on the Java heap.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ModelBenchmark {
    @Param({"1", "2", "4", "10", "16"})
    int batchSize;

    @Param({"1", "2"})
    int threads;

    @Param({"1", "2"})
    int replicas;

    private PretrainedDenoiser model;
    private Buffer states;
    private Buffer predictions;
    private Batch batch;

    @Setup
    public void load() {
        model = DemoModel.load(LoadOptions.DEFAULT.withThreads(threads));
        model.setReplicas(replicas);
        model.prepare(batchSize);
        states = Device.cpu().allocate(batchSize, model.dim());
        predictions = Device.cpu().allocate(batchSize, model.dim());
        batch = new Batch(batchSize);
        batch.begin(states, 0, predictions, 0);
        for (int i = 0; i < batchSize; i++) {
            batch.add(new NoiseLevel(500, 0.28, 0.96), Condition.label(i % 10));
        }
    }

    @TearDown
    public void close() {
        states.close();
        predictions.close();
        model.close();
    }

    @Benchmark
    public void evaluate() {
        model.evaluate(batch);
    }
}
