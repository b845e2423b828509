package dev.paraflux.cli.option;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.paraflux.method.Method;
import dev.paraflux.method.core.Chords;
import dev.paraflux.method.core.CoarseStep;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.method.core.Srds;
import dev.paraflux.method.core.StopRule;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.method.window.Picard;
import dev.paraflux.method.window.SparseParaTaa;
import dev.paraflux.solver.Heun;
import java.util.List;
import org.junit.jupiter.api.Test;

class MethodWordsTest {
    @Test
    void settingsAreWordsAndNumbersAsTheyWereMeant() {
        assertEquals("no settings", MethodWords.of(new Sequential()));
        assertEquals("starts 0 0.48, coarse own, stop pixels 0.3, max refinements no limit", MethodWords.of(
                new Chords(List.of(0.0, 0.6 * 0.8), CoarseStep.own(), StopRule.pixels(0.1 + 0.2), Chords.ALL)));
        assertEquals("blocks the square root of the steps, coarse by heun, stop pixels 0.1, max refinements 3,"
                + " pipelined yes",
                MethodWords.of(Srds.defaults().withCoarse(CoarseStep.by(new Heun())).withMaxRefinements(3)));
        assertEquals("window all rows, order all of the window, history 3, ridge 0.001, tolerance pixels 0.03,"
                + " safeguard yes, first guess copy, max rounds no limit, unrolling gaussian",
                MethodWords.of(ParaTaa.defaults()));
    }

    @Test
    void nothingOfHowTheyAreWrittenIsLeft() {
        for (Method method : List.of(Picard.defaults(), SparseParaTaa.defaults(), Srds.defaults(), Chords.defaults())) {
            String words = MethodWords.of(method);
            assertFalse(words.matches(".*(\\[|=|2147483647|\\d{7}).*"), words);
        }
    }
}
