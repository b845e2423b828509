package dev.paraflux.cli.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.cli.CommandRun;
import dev.paraflux.cli.option.SolverName;
import dev.paraflux.io.Npy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@code paraflux sample} makes of a solver, a grid, guidance and clipping, given or named by a scheduler. */
class SampleSolverTest {
    private static final int STEPS = 6;
    private static final String BETAS = ", \"beta_schedule\": \"linear\", \"timestep_spacing\": \"trailing\"";

    @TempDir
    private Path folder;

    private CommandRun sample(Object... more) {
        List<Object> arguments = new ArrayList<>(List.of("sample", "--threads", 1, "--labels", 3,
                "--out", folder.resolve("a.png"), "--save", folder.resolve("a.npy")));
        if (!Arrays.asList(more).contains("--steps")) {
            arguments.addAll(List.of("--steps", STEPS));
        }
        arguments.addAll(Arrays.asList(more));
        return CommandRun.of(arguments.toArray());
    }

    private float[] saved(Object... more) throws IOException {
        sample(more).requireCode(0);
        return Npy.read(folder.resolve("a.npy")).toFloats();
    }

    private Path scheduler(String name, String more) throws IOException {
        return Files.writeString(folder.resolve("scheduler_config.json"),
                "{\"_class_name\": \"" + name + "\"" + BETAS + more + "}");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FLOW_HEUN")
    void everySolverDraws(SolverName name) throws IOException {
        float[] values = saved("--solver", name.toString().toUpperCase(Locale.ROOT));
        double sum = 0;
        for (float value : values) {
            // PLMS extrapolates into sigma = 0 and overshoots with so few steps, as diffusers' does.
            assertTrue(Math.abs(value) < (name == SolverName.PLMS ? 10 : 5), name + " gives " + value);
            sum += value;
        }
        // A digit is bright on black, whoever draws it.
        assertTrue(sum / values.length < -0.5, name + ": mean " + sum / values.length);
    }

    @ParameterizedTest
    @CsvSource({
            "DDPMScheduler, ', \"clip_sample\": false', ddpm",
            "HeunDiscreteScheduler, ', \"beta_start\": 0.0001, \"beta_end\": 0.02', heun",
            "DPMSolverMultistepScheduler, ', \"solver_order\": 3', dpm++-3m",
            "UniPCMultistepScheduler, '', unipc-2",
            "PNDMScheduler, ', \"skip_prk_steps\": true, \"set_alpha_to_one\": true', plms"})
    void theSchedulerNamesTheSolver(String name, String options, String solver) throws IOException {
        assertArrayEquals(saved("--solver", solver),
                saved("--scheduler", scheduler(name, options)));
    }

    @Test
    void aGivenSolverComesFirst() throws IOException {
        Path scheduler = scheduler("UniPCMultistepScheduler", "");
        float[] found = saved("--scheduler", scheduler, "--solver", "ddim", "--eta", 0.5);
        assertArrayEquals(saved("--scheduler", scheduler("DDIMScheduler", ""), "--eta", 0.5), found);
        scheduler("UniPCMultistepScheduler", "");
        sample("--scheduler", scheduler, "--eta", 0.5, "--model", "no.pt").requireRefusal(2,
                "--eta 0.5: must be left out"
                        + " where the scheduler, UniPCMultistepScheduler, asks for another solver than ddim; add --solver ddim");
    }

    @Test
    void aSchedulerOfAnotherClassNeedsASolver() throws IOException {
        Path scheduler = scheduler("ScoreSdeVeScheduler", "");
        sample("--scheduler", scheduler, "--model", "no.pt").requireRefusal(2,
                "_class_name \"ScoreSdeVeScheduler\": must be one of DDIMScheduler, ");
        float[] found = saved("--scheduler", scheduler, "--solver", "ddim");
        assertArrayEquals(saved("--scheduler", scheduler("DDIMScheduler", "")), found);
    }

    /** Steps to the next time of the grid, no clipping, and times between training steps. */
    @Test
    void ownTermsAreThoseOfAFileWithoutAClass() throws IOException {
        assertArrayEquals(saved(), saved("--scheduler", scheduler("DDIMScheduler", ""), "--own-terms"));
        assertArrayEquals(saved("--sigmas", "karras"), saved("--own-terms", "--solver", "ddim", "--sigmas", "karras"));
        assertFalse(Arrays.equals(saved("--solver", "dpm++-2m", "--sigmas", "karras"),
                saved("--solver", "dpm++-2m", "--sigmas", "karras", "--own-terms")));
    }

    @Test
    void anOrderAboveTheStepsIsLowered() throws IOException {
        assertArrayEquals(
                saved("--scheduler", scheduler("UniPCMultistepScheduler", ", \"solver_order\": 2"), "--steps", 2),
                saved("--scheduler", scheduler("UniPCMultistepScheduler", ", \"solver_order\": 3"), "--steps", 2));
    }

    @Test
    void sigmasChangeTheSample() throws IOException {
        float[] plain = saved();
        float[] karras = saved("--sigmas", "karras");
        assertFalse(Arrays.equals(plain, karras));
        assertFalse(Arrays.equals(karras, saved("--sigmas", "Exponential")));
        assertArrayEquals(saved("--solver", "euler", "--sigmas", "karras"), saved("--scheduler",
                scheduler("EulerDiscreteScheduler", ", \"use_karras_sigmas\": true")));
    }

    @Test
    void clippingAndThresholding() throws IOException {
        float[] clipped = saved("--clip", 0.5, "--guidance", 7);
        for (float value : clipped) {
            assertTrue(Math.abs(value) <= 0.5001, "value " + value);
        }
        assertArrayEquals(clipped, saved("--guidance", 7, "--scheduler",
                scheduler("DDIMScheduler", ", \"clip_sample\": true, \"clip_sample_range\": 0.5"), "--own-terms"));
        float[] threshold = saved("--threshold", 0.9, "--guidance", 7);
        assertFalse(Arrays.equals(threshold, saved("--guidance", 7)));
        for (float value : threshold) {
            assertTrue(Math.abs(value) <= 1.0001, "value " + value);
        }
    }

    /** The model's x0 is not defined at alpha = 0, whatever the solver would ask for. */
    @Test
    void clippingWithoutSignalIsRefused() throws IOException {
        sample("--clip", 1, "--scheduler", scheduler("DDIMScheduler", ", \"rescale_betas_zero_snr\": true"))
                .requireRefusal(2, "zero terminal SNR");
    }

    @Test
    void rescaleAndInterval() throws IOException {
        float[] plain = saved("--guidance", 5);
        assertFalse(Arrays.equals(plain, saved("--guidance", 5, "--rescale", 0.7)));
        assertArrayEquals(plain, saved("--guidance", 5, "--guidance-interval", "0,Infinity", "--rescale", 0));
        // Every level of the grid but the last is noisier: nothing is guided.
        assertArrayEquals(saved("--guidance", 1), saved("--guidance", 5, "--guidance-interval", "0,0.001"));
    }

    @Test
    void helpNamesTheSolvers() {
        String help = CommandRun.of("sample", "--help").requireCode(0).output().replaceAll("\\s+", " ");
        assertTrue(help.contains(
                "ddim, ddpm, euler, heun, dpm-solver-2, dpm++-2s, dpm++-2s-middle, dpm++-1, dpm++-2m, dpm++-3m,"
                        + " dpm++-sde-2m, unipc-2, unipc-3, spndm, ipndm, plms, deis, flow-heun."),
                help);
        for (String option : List.of("--sigmas", "--rescale", "--guidance-interval", "--clip", "--threshold")) {
            assertEquals(2, help.split(option + "[ =]", -1).length, option);
        }
    }
}
