package dev.paraflux.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.method.Method;
import dev.paraflux.method.core.Chords;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.method.core.Srds;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.method.window.Picard;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.GuidanceOptions;
import dev.paraflux.model.around.ForwardingDenoiser;
import dev.paraflux.model.around.Guidance;
import dev.paraflux.model.onnx.TestUnets;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.SchedulerSolver;
import dev.paraflux.solver.Solver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * However a pipeline's graph takes its time, a round is one call of the model, whose rows it takes as they are: it is not cut
 * by their times.
 */
class TimesOfAllFormsTest {
    private static final int STEPS = 12;

    @TempDir
    Path scratch;

    private Path folder;

    /** Counts calls of what denoises. */
    private static final class Counting extends ForwardingDenoiser {
        private int calls;
        private int rows;

        Counting(Denoiser model) {
            super(model);
        }

        @Override
        public void evaluate(Batch batch) {
            calls++;
            rows += batch.size();
            super.evaluate(batch);
        }
    }

    @BeforeEach
    void copy() throws IOException {
        folder = TinyPipelines.copy("sd", scratch.resolve("sd"));
    }

    private static List<Method> methods() {
        return List.of(new Sequential(), Picard.defaults(), ParaTaa.defaults(), Srds.defaults(), Chords.defaults());
    }

    @ParameterizedTest
    @EnumSource
    void aRoundIsOneCall(TestUnets.Time time) throws IOException {
        TestUnets.write(folder.resolve("unet/model.onnx"), time);
        PipelineFolder read = PipelineFolder.read(folder);
        try (Pipeline pipeline = Pipeline.load(read, read.defaultSize(), Pipeline.Loading.DEFAULT)) {
            assertFalse(pipeline.denoiser().batching().oneTime());
            float[] sequential = null;
            for (Method method : methods()) {
                Counting counting = new Counting(pipeline.denoiser());
                Sample sample = drawn(pipeline, counting, method);
                assertEquals(sample.stats().rounds(), counting.calls, method.toString());
                assertEquals(sample.stats().modelRows(), counting.rows, method.toString());
                float[] picture = pipeline.decode(sample.values());
                sequential = sequential == null ? picture : sequential;
                assertEquals(0, 255 / 2.0 * TinyPipelines.difference(sequential, picture), 0.5, method.toString());
            }
        }
    }

    private static Sample drawn(Pipeline pipeline, Denoiser denoiser, Method method) {
        TimeGrid grid = pipeline.scheduler().grid(STEPS);
        Solver solver = SchedulerSolver.of(pipeline.scheduler());
        Request request = pipeline.request(TinyPipelines.asked(), grid, solver).withGuidance(
                GuidanceOptions.weight(3).withUnconditional(pipeline.unconditional(TinyPipelines.NEGATIVE, null)));
        try (Denoiser guided = Guidance.of(denoiser);
                Sampler sampler = Sampler.builder(guided, grid).solver(solver)
                        .method(pipeline.decoder().seenBy(method)).maxBatch(1000).build()) {
            return sampler.sample(List.of(request)).get(0);
        }
    }

    /** A time that is held to the whole batch is opened, and each form is the same function. */
    @Test
    void everyFormDrawsTheSamePicture() throws IOException {
        float[] first = null;
        for (TestUnets.Time time : TestUnets.Time.values()) {
            TestUnets.write(folder.resolve("unet/model.onnx"), time);
            try (TextToImage painter = TextToImage.builder(folder).steps(STEPS).method(Picard.defaults()).build()) {
                float[] pixels = painter.draw(TinyPipelines.asked()).pixels();
                first = first == null ? pixels : first;
                assertTrue(TinyPipelines.difference(first, pixels) < 1e-5, time.toString());
            }
        }
    }
}
