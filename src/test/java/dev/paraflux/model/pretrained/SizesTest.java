package dev.paraflux.model.pretrained;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.paraflux.model.Batch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SizesTest {
    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "5, 5", "8, 8", "9, 9", "15, 15", "16, 16", "17, 20", "20, 20", "21, 24", "32, 32",
            "33, 40",
            "64, 64", "65, 80"})
    void batchSizesAreExactWhereSmallAndFourAnOctaveAbove(int rows, int bucket) {
        assertEquals(bucket, Sizes.sizeFor(rows));
    }

    @Test
    void sizesOfBatchesAreNumberedWithoutGaps() {
        int number = 0;
        for (int size = 1; size <= Batch.MAX_ROWS; size = Sizes.sizeFor(size + 1)) {
            assertEquals(number++, Sizes.number(size), "size " + size);
        }
        assertEquals(Sizes.COUNT, number);
    }
}
