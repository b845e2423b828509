package dev.paraflux.cli.command;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.paraflux.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The command reaches the samples of huggingface diffusers from the same file, noise and number of steps. With
 * {@code -Dparaflux.cases=FOLDER} it tries the cases of another folder, where a config may also be refused by name.
 */
class DiffusersCasesTest {
    private static final String OTHER = System.getProperty("paraflux.cases");
    private static final Path FOLDER = Path.of(OTHER == null ? "src/test/resources/diffusers" : OTHER);

    @TempDir
    private Path output;

    @ParameterizedTest
    @MethodSource("cases")
    void theSampleIsThatOfDiffusers(DiffusersCase one) throws IOException {
        CommandRun run = one.run(output);
        if (one.refused()) {
            run.requireRefusal(2, one.parts().toArray(String[]::new));
            return;
        }
        if (OTHER != null && run.code() == 2) {
            abort(one + " is refused: " + run.errors());
        }
        run.requireCode(0);
        double difference = one.difference(output);
        assertTrue(difference <= one.tolerance(), () -> String.format(Locale.ROOT,
                "%s differs by %.2g: must be %.2g or less", one, difference, one.tolerance()));
    }

    static List<DiffusersCase> cases() throws IOException {
        return DiffusersCase.of(FOLDER);
    }
}
