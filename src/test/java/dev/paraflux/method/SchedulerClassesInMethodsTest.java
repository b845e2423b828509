package dev.paraflux.method;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Request;
import dev.paraflux.TestDenoisers;
import dev.paraflux.json.JsonFile;
import dev.paraflux.method.core.Chords;
import dev.paraflux.method.core.Srds;
import dev.paraflux.method.core.StopRule;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.method.window.Picard;
import dev.paraflux.method.window.SparseParaTaa;
import dev.paraflux.method.window.Tolerance;
import dev.paraflux.model.Denoiser;
import dev.paraflux.schedule.SchedulerClass;
import dev.paraflux.schedule.SchedulerConfig;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.SchedulerSolver;
import dev.paraflux.solver.Solver;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every parallel method reaches the sequential sample of every class of diffusers, with its grid and what goes around. */
class SchedulerClassesInMethodsTest {
    private static final int STEPS = 7;
    private static final double TOLERANCE = 2e-5;
    private static final List<Method> METHODS = List.of(
            Picard.defaults().withWindow(100).withTolerance(Tolerance.steps(0)),
            ParaTaa.defaults().withTolerance(Tolerance.residual(0, 0)),
            SparseParaTaa.of(ParaTaa.defaults().withTolerance(Tolerance.residual(0, 0))),
            Srds.defaults().withStop(StopRule.pixels(0)),
            Chords.defaults().withStop(StopRule.pixels(0)));

    @ParameterizedTest
    @EnumSource
    void everyMethodReachesTheSampleOfAClass(SchedulerClass scheduler) throws IOException {
        for (String options : List.of("", ", 'timestep_spacing': 'linspace', 'use_karras_sigmas': true",
                ", 'clip_sample_range': 0.4, 'set_alpha_to_one': false, 'skip_prk_steps': true")) {
            String json = "{'beta_schedule': 'scaled_linear', 'beta_start': 0.00085, 'beta_end': 0.012" + options
                    + (scheduler == SchedulerClass.OWN ? "}" : ", '_class_name': '" + scheduler.className() + "'}");
            SchedulerConfig config = SchedulerConfig.parse(JsonFile.parse(json.replace('\'', '"'), "file"));
            TimeGrid grid = config.grid(STEPS);
            Solver solver = SchedulerSolver.of(config);
            Request request = Request.seed(3).withLabel(2);
            Denoiser gaussian = TestDenoisers.gaussian(5, 0.3, 0.5, config.prediction());
            try (Denoiser model = SchedulerSolver.around(gaussian, config, grid, solver)) {
                Runs runs = new Runs(model, grid, solver);
                float[] expected = runs.sequential(request);
                for (Method method : METHODS) {
                    double distance = Runs.distance(expected, runs.run(method, request).values());
                    assertTrue(distance <= TOLERANCE, scheduler + options + ", " + method + ": " + distance);
                }
            }
        }
    }
}
