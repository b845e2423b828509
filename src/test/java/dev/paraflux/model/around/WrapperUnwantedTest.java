package dev.paraflux.model.around;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.UnwantedException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A model sees through what is around it whether its predictions are wanted. */
class WrapperUnwantedTest {
    private static final int ROWS = WrapperAllocationTest.ROWS;
    private static final int DIM = WrapperAllocationTest.DIM;

    static IntStream kinds() {
        return IntStream.range(0, WrapperAllocationTest.wrappers().size());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void wrappersHandItOn(int kind) {
        BooleanSupplier unwanted = () -> true;
        AtomicInteger calls = new AtomicInteger();
        Denoiser model = TestDenoisers.bent(DIM).beforeCall(batch -> {
            assertEquals(calls.get() == 1, batch.unwanted() == unwanted);
            calls.incrementAndGet();
            if (batch.unwanted().getAsBoolean()) {
                throw new UnwantedException();
            }
        });
        List<Denoiser> wrappers = WrapperAllocationTest.around(model);
        try (Denoiser wrapper = wrappers.get(kind);
                Buffer states = Device.cpu().allocate(ROWS, DIM);
                Buffer predictions = Device.cpu().allocate(ROWS, DIM)) {
            Batch batch = new Batch(ROWS);
            // Wanted, unwanted, and then wanted again: a batch that is begun anew has forgotten it.
            fill(batch, wrapper, states, predictions);
            batch.evaluateBy(wrapper);
            fill(batch, wrapper, states, predictions);
            batch.unwantedWhen(unwanted);
            assertThrows(UnwantedException.class, () -> batch.evaluateBy(wrapper));
            fill(batch, wrapper, states, predictions);
            batch.evaluateBy(wrapper);
            assertEquals(3, calls.get());
        }
    }

    private static void fill(Batch batch, Denoiser wrapper, Buffer states, Buffer predictions) {
        batch.begin(states, 0, predictions, 0);
        for (int i = 0; i < ROWS; i++) {
            batch.add(TestGrids.linear(ROWS).level(i), WrapperAllocationTest.asked(wrapper, i));
        }
    }
}
