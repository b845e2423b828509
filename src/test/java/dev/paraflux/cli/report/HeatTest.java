package dev.paraflux.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class HeatTest {
    @Test
    void theRangeIsOfWholePowersOfTen() {
        Heat heat = new Heat(2e-4, 0.7);
        assertEquals(0xff440154, heat.argb(1e-4));
        assertEquals(0xfffde725, heat.argb(1));
        // Halfway lies between the fifth colour of ten and the sixth.
        assertEquals(0xff23908c, heat.argb(1e-2));
        assertTrue(heat.legend().contains(">1e-4</text>") && heat.legend().contains(">1</text>"), heat.legend());
    }

    @Test
    void whatIsExactOrNotMeasuredHasNoColourOfThese() {
        Heat heat = new Heat(1e-3, 1);
        assertEquals(0xff8a8f98, heat.argb(0));
        assertEquals(0, heat.argb(Double.NaN));
    }

    @Test
    void nothingMeasuredIsARangeToo() {
        Heat heat = new Heat(Double.POSITIVE_INFINITY, 0);
        assertTrue(heat.legend().contains(">0.1</text>") && heat.legend().contains(">1</text>"), heat.legend());
        Heat one = new Heat(1, 1);
        assertTrue(one.legend().contains(">10</text>"), one.legend());
    }
}
