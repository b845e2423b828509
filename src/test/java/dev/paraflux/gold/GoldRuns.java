package dev.paraflux.gold;

import com.fasterxml.jackson.databind.JsonNode;
import dev.paraflux.ProgressListener;
import dev.paraflux.Request;
import dev.paraflux.RunOptions;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.demo.DemoModel;
import dev.paraflux.io.Npy;
import dev.paraflux.method.Method;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.model.around.Guidance;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.model.torch.TorchLibrary;
import dev.paraflux.schedule.SchedulerConfig;
import dev.paraflux.solver.Ddim;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs the demo model on the single samples of the reference runs, and keeps what is sequential for comparing. */
final class GoldRuns implements AutoCloseable {
    static final Path GOLD = Path.of("src/test/resources/gold");
    static final int STEPS = 100;

    private final PretrainedDenoiser digits;
    private final Map<Double, Guidance> guided = new HashMap<>();
    private final Map<String, float[]> references = new HashMap<>();

    GoldRuns() {
        digits = DemoModel.load();
        digits.setReplicas(1);
    }

    /** One of the single samples: its noise by number, its label, and how it is run. */
    record Run(int sample, int label, double guidance, double eta, String scheduler) {
        Request request() throws IOException {
            Request request = Request.seed(0).withLabel(label)
                    .withStart(Npy.read(GOLD.resolve("one_s" + sample + "_start_noise.npy")).toFloats());
            return eta == 0
                    ? request
                    : request.withRowNoise(Npy.read(GOLD.resolve("one_s" + sample + "_row_noise_N100.npy")).toFloats());
        }
    }

    Sample sample(Run run, Method method) throws IOException {
        return sample(run, method, RunOptions.defaults());
    }

    Sample sample(Run run, Method method, RunOptions options) throws IOException {
        SchedulerConfig config = SchedulerConfig.read(GOLD.resolve(run.scheduler()));
        try (Sampler sampler = Sampler.builder(guided(run.guidance()), config.grid(STEPS)).solver(new Ddim(run.eta()))
                .method(method)
                .maxBatch(128).build()) {
            return sampler.sample(List.of(run.request()), options).get(0);
        }
    }

    /** One of the runs of SRDS, which start from the first rows of the start noise. */
    Sample srds(JsonNode run, Method method, ProgressListener listener) throws IOException {
        SchedulerConfig config = SchedulerConfig.read(GOLD.resolve("scheduler_config.json"));
        float[] noise = Npy.read(GOLD.resolve("start_noise.npy")).toFloats();
        int row = run.get("sample").asInt() * digits.dim();
        Request request = Request.seed(0).withLabel(run.get("label").asInt())
                .withStart(Arrays.copyOfRange(noise, row, row + digits.dim()));
        try (Sampler sampler = Sampler
                .builder(guided(run.get("guidance").asDouble()), config.grid(run.get("N").asInt())).method(method)
                .build()) {
            return sampler.sample(List.of(request), RunOptions.defaults().withListener(listener)).get(0);
        }
    }

    /** The model under guidance of a weight, for all runs that have it. */
    private Guidance guided(double weight) {
        return guided.computeIfAbsent(weight, added -> Guidance.of(digits, added));
    }

    /** Distance of a sample to the sequential one, in the 2-norm. */
    double distance(Run run, float[] values) throws IOException {
        float[] reference = references.get(run.toString());
        if (reference == null) {
            reference = sample(run, new Sequential()).values();
            references.put(run.toString(), reference);
        }
        double squares = 0;
        for (int e = 0; e < values.length; e++) {
            double difference = (double) values[e] - reference[e];
            squares += difference * difference;
        }
        return Math.sqrt(squares);
    }

    @Override
    public void close() {
        guided.values().forEach(Guidance::close);
        digits.close();
    }
}
