package dev.paraflux.model.pretrained;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CutTest {
    private static final int PICTURE = 784;
    private static final Batching BATCHING = Batching.ANY.parts(2, 12, 8192);

    /** Sizes of the parts, the largest first. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1 | 1  | 1  | 1
            1 | 12 | 1  | 12
            1 | 13 | 2  | 7
            1 | 64 | 6  | 11
            2 | 1  | 1  | 1
            2 | 3  | 1  | 3
            2 | 4  | 2  | 2
            2 | 5  | 2  | 3
            2 | 17 | 2  | 9
            2 | 24 | 2  | 12
            2 | 25 | 4  | 7
            2 | 64 | 6  | 11
            8 | 5  | 2  | 3
            8 | 20 | 8  | 3
            8 | 97 | 16 | 7
            """)
    void callsAreCutByTheNumberOfTheirRows(int replicas, int rows, int parts, int largest) {
        Cut cut = Cut.of(replicas, false, PICTURE, BATCHING);
        assertEquals(parts, cut.parts(rows));
        assertEquals(largest, Cut.start(rows, parts, 1));
    }

    @Test
    void everyRowIsInOnePartAndNoPartIsEmptyOrTooLarge() {
        for (int replicas : new int[] {1, 2, 3, 7, 64}) {
            Cut cut = Cut.of(replicas, false, PICTURE, BATCHING);
            for (int rows = 1; rows <= 2000; rows++) {
                int parts = cut.parts(rows);
                assertEquals(0, Cut.start(rows, parts, 0));
                for (int part = 0; part < parts; part++) {
                    int size = Cut.start(rows, parts, part + 1) - Cut.start(rows, parts, part);
                    assertTrue(size >= 1 && size <= cut.most(), rows + " rows for " + replicas + ": " + size);
                }
                assertEquals(rows, Cut.start(rows, parts, parts));
            }
        }
    }

    @Test
    void partsOfOneRowAreNoMoreThanRows() {
        assertEquals(5, Cut.of(2, false, PICTURE, BATCHING.within(1, 1)).parts(5));
    }

    @Test
    void smallRowsAndThreadsOfARuntimeWantLargerParts() {
        assertEquals(1, Cut.of(1, false, 8, BATCHING).parts(1024));
        assertEquals(1, Cut.of(1, true, PICTURE, BATCHING).parts(1 << 18));
    }

    @Test
    void partsHaveNoMoreRowsThanARunTakes() {
        Cut cut = Cut.of(1, false, PICTURE, BATCHING.within(2, 5));
        assertEquals(3, cut.parts(11));
        assertEquals(5, cut.most());
        assertEquals(3, Cut.of(1, true, PICTURE, BATCHING.within(2, 5)).parts(11));
    }
}
