package dev.paraflux.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.paraflux.check.IllegalValueException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelCostTest {
    private static ModelCost.Point point(int rows, double seconds) {
        return new ModelCost.Point(rows, seconds, 0.1 * rows);
    }

    @Test
    void betweenSizesItIsInProportionAndBeyondAsTheLastRows() {
        ModelCost cost = new ModelCost(List.of(point(1, 2), point(2, 3), point(4, 4), point(8, 12)));
        assertEquals(2, cost.seconds(1));
        assertEquals(3, cost.seconds(2));
        assertEquals(3.5, cost.seconds(3));
        assertEquals(8, cost.seconds(6));
        assertEquals(12, cost.seconds(8));
        assertEquals(16, cost.seconds(10));
        assertEquals(0.8, cost.noise());
    }

    @Test
    void ofOneSizeEachRowTakesAsLong() {
        ModelCost cost = new ModelCost(List.of(point(1, 2)));
        assertEquals(2, cost.seconds(1));
        assertEquals(14, cost.seconds(7));
    }

    @Test
    void sizesThatAreNoneAreRefused() {
        assertThrows(IllegalValueException.class, () -> new ModelCost(List.of()));
        assertThrows(IllegalValueException.class, () -> new ModelCost(List.of(point(2, 1))));
        assertThrows(IllegalValueException.class, () -> new ModelCost(List.of(point(1, 1), point(1, 1))));
        assertThrows(IllegalValueException.class, () -> point(0, 1));
        assertThrows(IllegalValueException.class, () -> point(1, 0));
        assertThrows(IllegalValueException.class, () -> point(1, Double.NaN));
        assertThrows(IllegalValueException.class, () -> new ModelCost(List.of(point(1, 1))).seconds(0));
    }
}
