package dev.paraflux.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class IllegalValueExceptionTest {
    @Test
    void saysNameValueAndWhatIsLegal() {
        assertEquals("steps 0: must be 1 or more",
                new IllegalValueException("steps", 0, "1 or more").getMessage());
        assertEquals("solver \"heum\": must be one of heun, ddim",
                new IllegalValueException("solver", "heum", "one of heun, ddim").getMessage());
        assertEquals("labels missing: must be 1 or more",
                IllegalValueException.missing("labels", "1 or more").getMessage());
    }

    @Test
    void canBeToldInTheWordsOfAnotherReader() {
        IllegalValueException refusal = new IllegalValueException("limit", 0.0, "above 0, and finite");
        assertEquals("--clip 0.0: must be above 0, and finite", refusal.named("--clip").getMessage());
        assertEquals("a.json: limit 0.0: must be above 0, and finite", refusal.in("a.json").getMessage());
        assertEquals("b: a.json: x 0.0: must be above 0, and finite",
                refusal.in("a.json").in("b").named("x").getMessage());
        assertEquals("limit", refusal.in("a.json").name());
        assertEquals("a.json: limit 0.0: must be 1 or 2", refusal.in("a.json").withLegal("1 or 2").getMessage());
    }

    @Test
    void cutsALongValueShort() {
        String message = new IllegalValueException("key", "x".repeat(1000), "short").getMessage();
        assertEquals("key \"" + "x".repeat(80) + "...\": must be short", message);
    }

    @Test
    void checksGiveTheValueBackOrRefuseIt() {
        assertEquals(3, Require.between(1, 7, "history", 3));
        refused("history 8: must be 1 to 7", () -> Require.between(1, 7, "history", 8));
        refused("window 0: must be 1 or more", () -> Require.atLeast(1, "window", 0));
        refused("eta NaN: must be 0 to 1", () -> Require.between(0.0, 1.0, "eta", Double.NaN));
        refused("ridge -1.0: must be 0 or more, and finite", () -> Require.notNegative("ridge", -1));
        refused("rho 0.0: must be above 0, and finite", () -> Require.positive("rho", 0));
        refused("weight Infinity: must be finite", () -> Require.finite("weight", Double.POSITIVE_INFINITY));
        refused("start[1] NaN: must be finite", () -> Require.finite("start", new float[] {0, Float.NaN}));
        refused("number of values of start 3: must be 4", () -> Require.length(4, "start", 3));
        refused("kind 3: must be one of 1, 2", () -> Require.oneOf(List.of(1, 2), "kind", 3));
    }

    private static void refused(String message, Runnable check) {
        assertEquals(message, assertThrows(IllegalValueException.class, check::run).getMessage());
    }
}
