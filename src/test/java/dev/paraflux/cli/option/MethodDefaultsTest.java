package dev.paraflux.cli.option;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.cli.CommandRun;
import dev.paraflux.method.core.Chords;
import dev.paraflux.method.core.Srds;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.method.window.Picard;
import dev.paraflux.method.window.SparseParaTaa;
import dev.paraflux.method.window.Tolerance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the help says of the methods' settings is what they are. */
class MethodDefaultsTest {
    @Test
    void helpTellsTheDefaultsOfTheMethods() {
        String help = CommandRun.of("sample", "--help").requireCode(0).output().replaceAll("\\s+", " ");
        ParaTaa parataa = ParaTaa.defaults();
        Picard picard = Picard.defaults();
        Srds srds = Srds.defaults();
        for (String part : new String[] {"rows under way at once. Default: " + picard.window()
                + " (Picard), all, if they take no more than 256 MiB a sample (ParaTAA, sparse).",
                "the least there are along all rows, 1 or more. Default: " + SparseParaTaa.defaults().density() + ".",
                "of what is interpolated, above 0. Default: " + SparseParaTaa.defaults().theta() + ".",
                "where these are to move by 1, above 0. Default: " + SparseParaTaa.defaults().kappa() + ".",
                "16 or more, and a tenth of all rows or more. Default: no limit.",
                "iterates that are combined, 1 to 8; 1 is no acceleration. Default: " + parataa.history() + ".",
                "the diagonal of the least squares. Default: " + parataa.ridge() + ".",
                "big steps, " + FirstGuessConverter.COARSE_STEPS + " if not given). Default: "
                        + FirstGuessConverter.text(parataa.firstGuess()) + ".",
                "1 to the number of steps. Default: the square root of the steps.",
                "each a row of every round, 1 to " + Chords.MAX_CORES + ". Default: "
                        + Chords.defaults().starts().size() + ".",
                "on average. 0 is exact. Default: " + ((Tolerance.Pixels) picard.tolerance()).distance()
                        + " (Picard, ParaTAA, sparse), " + srds.stop().tolerance() + " (SRDS, CHORDS).",
                "0 is the first answer. Default: no limit."}) {
            assertTrue(help.contains(part), () -> "'" + part + "' is not in " + help);
        }
        assertFalse(help.contains("${"), help);
    }

    @ParameterizedTest
    @ValueSource(strings = {"copy", "x0", "coarse:7"})
    void theWordForAFirstGuessIsTheOneThatIsRead(String word) {
        assertEquals(word, FirstGuessConverter.text(new FirstGuessConverter().convert(word)));
    }
}
