package dev.paraflux.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The oracle sorts. */
class RowQuantilesTest {
    private static final Device DEVICE = Device.byDefault();

    private final RowQuantiles quantiles = new RowQuantiles();
    private final Queue queue = DEVICE.queue();

    @AfterEach
    void close() {
        queue.close();
    }

    private void run() {
        queue.quantiles(quantiles);
        queue.await();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 17, 255, 784, 4097, 16384})
    void quantilesAreThoseOfSortedMagnitudes(int dim) {
        double[] shares = {0, 1e-6, 0.1, 1.0 / 3, 0.5, 0.9, 0.995, 1};
        try (Buffer rows = DEVICE.allocate(5, dim)) {
            float[][] x = RandomRows.fill(rows, new Random(dim));
            for (int r = 0; r < 5; r++) {
                for (double share : shares) {
                    assertEquals(quantiles.count(), quantiles.add(rows, r, share));
                }
            }
            run();
            for (int q = 0; q < quantiles.count(); q++) {
                float[] sorted = x[q / shares.length].clone();
                for (int e = 0; e < dim; e++) {
                    sorted[e] = Math.abs(sorted[e]);
                }
                Arrays.sort(sorted);
                double rank = shares[q % shares.length] * (dim - 1);
                int below = (int) rank;
                double expected = sorted[below];
                if (below < rank) {
                    expected += (rank - below) * ((double) sorted[below + 1] - sorted[below]);
                }
                assertEquals(expected, quantiles.value(q), "share " + shares[q % shares.length]);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0.5, 2.5", "0, 1", "1, 4", "0.25, 1.75", "0.333333333333333333, 2"})
    void aQuantileLiesBetweenItsNeighbours(double share, double expected) {
        try (Buffer rows = DEVICE.allocate(1, 4)) {
            rows.write(0, new float[] {-3, 1, -4, 2});
            quantiles.add(rows, 0, share);
            run();
            assertEquals(expected, quantiles.value(0), 1e-15);
        }
    }

    @Test
    void aNanShowsInItsOwnRowAlone() {
        try (Buffer rows = DEVICE.allocate(2, 3)) {
            rows.write(0, new float[] {1, Float.NaN, 2});
            rows.write(1, new float[] {1, Float.NEGATIVE_INFINITY, 2});
            quantiles.add(rows, 0, 0);
            quantiles.add(rows, 1, 0);
            quantiles.add(rows, 1, 1);
            run();
            assertTrue(Double.isNaN(quantiles.value(0)));
            assertEquals(1, quantiles.value(1));
            assertEquals(Double.POSITIVE_INFINITY, quantiles.value(2));
        }
    }

    @Test
    void misuseIsRefused() {
        Buffer closed = DEVICE.allocate(2, 2);
        closed.close();
        try (Buffer rows = DEVICE.allocate(2, 2); Buffer longer = DEVICE.allocate(2, 3)) {
            assertThrows(IllegalStateException.class, () -> quantiles.value(0));
            for (double share : new double[] {-1e-9, 1.1, Double.NaN}) {
                assertThrows(IllegalArgumentException.class, () -> quantiles.add(rows, 0, share));
            }
            assertThrows(IllegalStateException.class, () -> quantiles.add(closed, 0, 1));
            assertThrows(IndexOutOfBoundsException.class, () -> quantiles.add(rows, 2, 1));
            assertEquals(0, quantiles.count());
            quantiles.add(rows, 0, 1);
            assertThrows(IllegalArgumentException.class, () -> quantiles.add(longer, 0, 1));
            run();
            assertEquals(0, quantiles.value(0));
            assertThrows(IndexOutOfBoundsException.class, () -> quantiles.value(1));
            quantiles.clear();
            assertThrows(IllegalStateException.class, () -> quantiles.value(0));
            quantiles.add(longer, 0, 1);
            run();
        }
    }
}
