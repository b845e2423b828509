package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.paraflux.device.Warnings;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A model that has no memory for a batch is asked again for less. */
class ModelMemoryTest {
    private final TestDenoisers.Recording model = TestDenoisers.bent(5);
    private final Sampler sampler = Sampler.builder(model, TestGrids.linear(8)).build();

    @AfterEach
    void close() {
        sampler.close();
    }

    /** For one row there is none either. */
    @Test
    void memoryThatAModelLacksForARowIsItsFailure() {
        OutOfMemoryError error = new OutOfMemoryError("from the model");
        model.beforeCall(batch -> {
            throw error;
        });
        assertSame(error, assertThrows(OutOfMemoryError.class, () -> sampler.sample(Request.seed(1))));
    }

    @Test
    void memoryThatAModelLacksForABatchMakesSmallerOnes() {
        List<Request> requests = IntStream.range(0, 7).mapToObj(Request::seed).toList();
        List<Sample> expected = sampler.sample(requests);
        model.batchSizes().clear();
        model.beforeCall(batch -> {
            if (batch.size() > 3) {
                throw new OutOfMemoryError("of " + batch.size() + " rows");
            }
        });
        try (Warnings warnings = new Warnings()) {
            for (int time = 0; time < 2; time++) {
                List<Sample> found = sampler.sample(requests);
                for (int i = 0; i < requests.size(); i++) {
                    assertArrayEquals(expected.get(i).values(), found.get(i).values(), "request " + i);
                }
            }
            assertEquals(2, warnings.naming("memory").size(), "each time they are made smaller, and no more");
        }
        assertEquals(List.of(7, 4), model.batchSizes().stream().filter(size -> size > 3).toList(), "it is remembered");
    }
}
