package dev.paraflux.gold;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.demo.DemoModel;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.io.Npy;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.around.Guidance;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.model.torch.TorchLibrary;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.SchedulerConfig;
import dev.paraflux.solver.Ddim;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The demo model sampled here and by independent Python code, from the same noise: see {@code gold/README.md}. */
class ReferenceRunsTest {
    private static final Path GOLD = Path.of("src/test/resources/gold");
    private static final int DIM = 28 * 28;
    private static final double TOLERANCE = 2e-3;

    @Test
    void oneForwardPassEqualsPython() throws IOException {
        float[] x = Npy.read(GOLD.resolve("fwd_x.npy")).toFloats();
        double[] times = Npy.read(GOLD.resolve("fwd_t.npy")).toDoubles();
        long[] labels = Npy.read(GOLD.resolve("fwd_y.npy")).toLongs();
        float[] expected = Npy.read(GOLD.resolve("fwd_eps_f32.npy")).toFloats();
        try (PretrainedDenoiser digits = DemoModel.load();
                Buffer states = Device.cpu().allocate(labels.length, DIM);
                Buffer predictions = Device.cpu().allocate(labels.length, DIM)) {
            Batch batch = new Batch(labels.length);
            batch.begin(states, 0, predictions, 0);
            for (int i = 0; i < labels.length; i++) {
                states.write(i, x, i * DIM);
                boolean none = labels[i] == digits.card().label().orElseThrow().nullValue().orElseThrow();
                batch.add(new NoiseLevel(times[i], 0.6, 0.8),
                        none ? Condition.none() : Condition.label((int) labels[i]));
            }
            digits.evaluate(batch);
            float[] found = new float[DIM];
            for (int i = 0; i < labels.length; i++) {
                predictions.read(i, found);
                assertTrue(difference(found, expected, i) <= 1e-5, "row " + i);
            }
        }
    }

    /** The longest run takes two of the five samples, to spare a minute. */
    @ParameterizedTest
    @CsvSource({"25, unguided, 1, 5", "25, guided5, 5, 5", "100, unguided, 1, 5", "100, guided5, 5, 5",
            "196, unguided, 1, 5", "196, guided5, 5, 5", "961, unguided, 1, 2", "961, guided5, 5, 2"})
    void sequentialDdimEqualsPython(int steps, String name, double guidance, int samples) throws IOException {
        compare(steps, guidance, 0, samples, null, "ddim_N" + steps + "_" + name + ".npy");
    }

    @ParameterizedTest
    @CsvSource({"25, unguided, 1", "25, guided5, 5", "100, unguided, 1", "100, guided5, 5"})
    void stochasticDdimEqualsPython(int steps, String name, double guidance) throws IOException {
        float[] rowNoise = Npy.read(GOLD.resolve("row_noise_N" + steps + ".npy")).toFloats();
        compare(steps, guidance, 1, 5, rowNoise, "eta1_N" + steps + "_" + name + ".npy");
    }

    private static void compare(int steps, double guidance, double eta, int samples, float[] rowNoise, String reference)
            throws IOException {
        float[] start = Npy.read(GOLD.resolve("start_noise.npy")).toFloats();
        long[] labels = Npy.read(GOLD.resolve("labels.npy")).toLongs();
        float[] expected = Npy.read(GOLD.resolve(reference)).toFloats();
        SchedulerConfig config = SchedulerConfig.read(GOLD.resolve("scheduler_config.json"));
        List<Request> requests = new ArrayList<>();
        for (int s = 0; s < samples; s++) {
            float[] own = Arrays.copyOfRange(start, s * DIM, (s + 1) * DIM);
            requests.add(Request.seed(0).withLabel((int) labels[s]).withStart(own).withRowNoise(rowNoise));
        }
        try (Denoiser guided = Guidance.of(DemoModel.load(), guidance).owning();
                Sampler sampler = Sampler.builder(guided, config.grid(steps)).solver(new Ddim(eta)).build()) {
            List<Sample> found = sampler.sample(requests);
            for (int s = 0; s < samples; s++) {
                double difference = difference(found.get(s).values(), expected, s);
                assertTrue(difference <= TOLERANCE, "sample " + s + " differs by " + difference);
                assertEquals(steps, found.get(s).stats().rounds());
                assertEquals(steps * (guidance == 1 ? 1 : 2), found.get(s).stats().modelRows());
            }
        }
    }

    private static double difference(float[] found, float[] expected, int row) {
        double largest = 0;
        for (int e = 0; e < DIM; e++) {
            double difference = Math.abs((double) found[e] - expected[row * DIM + e]);
            largest = Math.max(largest, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
        }
        return largest;
    }
}
