package dev.paraflux.cli.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.cli.CommandRun;
import dev.paraflux.cli.option.MethodName;
import dev.paraflux.io.Npy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code paraflux sample --iia}: what it takes from the file, and what it refuses. */
class SampleIiaTest {
    @TempDir
    private static Path inputs;
    private static Path ddim;
    /** Everything in it is other than by default. */
    private static Path heun;
    private static final List<Object> HEUN = List.of("--solver", "heun", "--guidance", 3, "--rescale", 0.5,
            "--guidance-interval", "0.1,20", "--sigmas", "karras", "--clip", 1);

    @TempDir
    private Path folder;

    @BeforeAll
    static void fit() {
        ddim = inputs.resolve("ddim.json");
        heun = inputs.resolve("heun.json");
        Fits.fit(ddim).requireCode(0);
        Fits.fit(heun, HEUN.toArray()).requireCode(0);
    }

    private CommandRun sample(Object... more) {
        List<Object> arguments = new ArrayList<>(
                List.of("sample", "--threads", 1, "--labels", "3,8", "--out", folder.resolve("samples.png")));
        arguments.addAll(Arrays.asList(more));
        return CommandRun.of(arguments.toArray());
    }

    private float[] saved(List<Object> options, Object... more) throws IOException {
        Path array = folder.resolve("samples.npy");
        List<Object> arguments = new ArrayList<>(List.of("--save", array));
        arguments.addAll(options);
        arguments.addAll(Arrays.asList(more));
        sample(arguments.toArray()).requireCode(0);
        return Npy.read(array).toFloats();
    }

    private void requireRefusal(List<Object> arguments, String... parts) throws IOException {
        sample(arguments.toArray()).requireRefusal(2, parts);
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(), files.toList());
        }
    }

    @Test
    void theFileSaysWhatTheOptionsDoNot() throws IOException {
        float[] corrected = saved(List.of("--iia", ddim));
        assertArrayEquals(corrected,
                saved(List.of("--iia", ddim, "--steps", 3, "--solver", "ddim", "--own-terms", "--guidance", 2)));
        assertFalse(Arrays.equals(corrected, saved(List.of("--steps", 3))));
        assertTrue(sample("--iia", ddim).output().contains("2 samples, 3 rounds, 6 evaluations"), "and costs no more");
    }

    @Test
    void timesOfOnesOwnAreTheFilesToo() throws IOException {
        Path file = folder.resolve("times.json");
        String times = "999,600,250,20";
        Fits.fit(file, "--timesteps", times, "--steps", 4).requireCode(0);
        float[] corrected = saved(List.of("--iia", file));
        assertArrayEquals(corrected, saved(List.of("--iia", file, "--timesteps", times, "--steps", 4)));
        Files.delete(folder.resolve("samples.png"));
        Files.delete(folder.resolve("samples.npy"));
        Path kept = inputs.resolve("times.json");
        Files.move(file, kept);
        requireRefusal(List.of("--iia", kept, "--timesteps", "999,600,250,10"), "--timesteps 999,600,250,10: must be ",
                times, "were fitted");
        requireRefusal(List.of("--iia", kept, "--timesteps", "999,10"), "--timesteps 999,10: must be ", times);
        requireRefusal(List.of("--iia", kept, "--sigmas", "karras"), "--sigmas KARRAS: must be ",
                "--timesteps " + times);
        requireRefusal(List.of("--iia", ddim, "--timesteps", "900,20,10"), "--timesteps 900,20,10: must be ");
    }

    @Test
    void guidanceSpacingAndClippingAreTheFilesToo() throws IOException {
        float[] corrected = saved(List.of("--iia", heun));
        assertArrayEquals(corrected, saved(HEUN, "--iia", heun));
        assertFalse(Arrays.equals(corrected, saved(HEUN, "--steps", 3)));
    }

    @Test
    void thresholdsAndNoGuidanceAreTheFilesToo() throws IOException {
        Path file = folder.resolve("threshold.json");
        Object[] options = {"--threshold", 0.9, "--guidance", 1, "--vectors", "noise"};
        Fits.fit(file, options).requireCode(0);
        assertArrayEquals(saved(List.of("--iia", file)),
                saved(List.of("--iia", file), "--threshold", 0.9, "--guidance", 1));
    }

    /** Of a machine and a day long ago: see dev.paraflux.iia.CommittedFileTest. */
    @Test
    void theCommittedFileIsTaken() throws IOException {
        Path file = Path.of("src/test/resources/dev/paraflux/iia/version2.json");
        // It was fitted on the grid of a file without a class, which dpm++-2m by name does not have.
        List<Object> options = List.of("--steps", 3, "--guidance", 2, "--rescale", 0.5, "--guidance-interval", "0.1,20",
                "--clip", 1);
        float[] corrected = saved(List.of("--iia", file));
        assertArrayEquals(corrected, saved(options, "--iia", file));
        assertFalse(Arrays.equals(corrected, saved(options)));
    }

    /** The order of a table, not its name, is what was fitted. */
    @Test
    void aSolverOfTheSameTableIsTaken() throws IOException {
        assertArrayEquals(saved(List.of("--iia", ddim)), saved(List.of("--iia", ddim, "--solver", "dpm++-1")), 1e-4f);
    }

    /** What --scheduler said is in the file, and need not be said again. */
    @Test
    void theSchedulerIsTheFilesToo() throws IOException {
        Path scheduler = inputs.resolve("scheduler_config.json");
        Files.writeString(scheduler, "{\"beta_schedule\": \"scaled_linear\", \"beta_start\": 0.0001,"
                + " \"beta_end\": 0.02, \"timestep_spacing\": \"trailing\", \"clip_sample\": false}");
        Path file = inputs.resolve("scheduled.json");
        Fits.fit(file, "--scheduler", scheduler, "--vectors", "noise").requireCode(0);
        requireRefusal(List.of("--iia", ddim, "--scheduler", scheduler, "--model", "no.pt"),
                "--scheduler " + scheduler + ": must be ", "as the coefficients of --iia " + ddim + " were fitted");
        assertArrayEquals(saved(List.of("--iia", file, "--scheduler", scheduler)), saved(List.of("--iia", file)));
    }

    @ParameterizedTest
    @EnumSource(MethodName.class)
    void everyMethodSolvesCorrectedSteps(MethodName method) throws IOException {
        assertArrayEquals(saved(List.of("--iia", ddim)), saved(List.of("--iia", ddim, "--method", method)), 0.05f);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            textBlock = """
                    --steps 5 --model no.pt         | --steps 5: must be 3, as the coefficients of --iia | leave it out
                    --solver heun --model no.pt     | --solver heun: must be ddim, as | or add --iia-force
                    --solver dpm++-2m --model no.pt | --solver dpm++-2m: must be ddim, as | or add --iia-force
                    --eta 0.5 --model no.pt         | --eta 0.5: must be 0.0, as the | leave it out
                    --guidance 3 --model no.pt      | --guidance 3.0: must be 2.0, as | were fitted
                    --rescale 0.5 --model no.pt     | --rescale 0.5: must be 0.0, as | were fitted
                    --guidance-interval 0.1,5 --model no.pt | --guidance-interval 0.1,5.0: must be 0.0,Infinity, as | fit again
                    --clip 1 --model no.pt          | --clip 1.0: must be left out, as | ddim.json
                    --threshold 0.9 --model no.pt   | --threshold 0.9: must be left out, as | ddim.json
                    --spacing leading --model no.pt | --spacing LEADING: must be trailing, which is its scheduler's | were fitted
                    --sigmas karras --model no.pt   | --sigmas KARRAS: must be trailing, which is its | were fitted
                    --row-noise src/test/resources/gold/labels.npy | takes no noise in its rows | labels.npy
                    """)
    void whatContradictsTheFileIsRefused(String arguments, String first, String second) throws IOException {
        List<Object> all = new ArrayList<>(List.of("--iia", ddim));
        all.addAll(List.of(arguments.split(" ")));
        requireRefusal(all, first, second);
    }

    @Test
    void forceTakesThemForAnotherGuidanceAndGrid() throws IOException {
        List<Object> others = List.of("--steps", 3, "--guidance", 3, "--spacing", "leading");
        assertFalse(Arrays.equals(saved(others), saved(others, "--iia", ddim, "--iia-force")));
    }

    @Test
    void forceTakesThemForAnotherSolver() throws IOException {
        List<Object> others = List.of("--steps", 3, "--solver", "dpm++-2m");
        assertFalse(Arrays.equals(saved(others), saved(others, "--iia", ddim, "--iia-force")));
    }

    @Test
    void forceDoesNotChangeTheNumberOfStepsNorTakeNoise() throws IOException {
        requireRefusal(List.of("--iia", ddim, "--iia-force", "--steps", 5), "--steps 5: must be 3");
        requireRefusal(List.of("--iia", ddim, "--iia-force", "--solver", "ddpm"),
                "solver ddpm (variance FIXED_SMALL): must be one that takes no noise");
        requireRefusal(List.of("--iia", heun, "--iia-force", "--eta", 0), "--eta 0.0: must be left out",
                "heun.json asks for");
    }

    @Test
    void forceAloneIsRefused() throws IOException {
        requireRefusal(List.of("--iia-force"), "--iia missing: must be given where --iia-force is");
    }

    @Test
    void anImageThatTakesTheLastStepsAloneIsRefused() throws IOException {
        Path image = inputs.resolve("image.npy");
        Npy.write(image, new float[28 * 28], 1, 28, 28);
        requireRefusal(List.of("--iia", ddim, "--image", image, "--model", "no.pt"), "--iia " + ddim,
                "for all steps of its grid", "--strength 0.8: must be 1 with --iia");
        saved(List.of("--iia", ddim, "--image", image, "--strength", 1));
    }

    @Test
    void aFileThatIsMissingOrCutShort() throws IOException {
        requireRefusal(List.of("--iia", inputs.resolve("no.json"), "--model", "no.pt"), "no.json");
        Path cut = inputs.resolve("cut.json");
        String text = Files.readString(ddim);
        Files.writeString(cut, text.substring(0, text.length() / 2));
        requireRefusal(List.of("--iia", cut, "--model", "no.pt"), "cut.json");
    }
}
