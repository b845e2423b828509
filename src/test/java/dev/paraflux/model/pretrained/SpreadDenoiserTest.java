package dev.paraflux.model.pretrained;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Request;
import dev.paraflux.RunOptions;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.device.CountingDevice;
import dev.paraflux.device.Device;
import dev.paraflux.method.Method;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.method.core.Srds;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Conditioning;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.GaussianDenoiserTest;
import dev.paraflux.model.LabelledContract;
import dev.paraflux.model.Predictions;
import dev.paraflux.schedule.NoiseLevel;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Copies of a model share calls as their shares say, at the same time, and to the bits of one of them. */
@Timeout(60)
class SpreadDenoiserTest extends LabelledContract {
    private static final int DIM = 6;

    @Override
    protected Denoiser open() {
        return spread(copies(3), 3, 1, 2).owning();
    }

    private static List<Denoiser> copies(int count) {
        return IntStream.range(0, count).<Denoiser>mapToObj(k -> GaussianDenoiserTest.model(DIM)).toList();
    }

    private static List<TestDenoisers.Recording> recorded(int count) {
        return IntStream.range(0, count).mapToObj(k -> TestDenoisers.bent(DIM)).toList();
    }

    private static SpreadDenoiser spread(List<? extends Denoiser> models, double... shares) {
        return SpreadDenoiser.of(IntStream.range(0, models.size())
                .mapToObj(k -> ModelCopy.of(models.get(k)).withShare(shares.length == 0 ? 1 : shares[k])).toList());
    }

    private static float[][] predict(Denoiser model, int rows) {
        return Predictions.of(model, Predictions.rows(rows, DIM, 1),
                Collections.nCopies(rows, NoiseLevel.ofAlphaBar(1, 0.5)), Condition.label(1));
    }

    @Test
    void rowsGoByTheSharesAlone() {
        List<TestDenoisers.Recording> copies = recorded(3);
        try (Denoiser spread = spread(copies, 3, 1, 2)) {
            for (int rows : new int[] {1, 2, 3, 6, 7, 12}) {
                copies.forEach(copy -> copy.batchSizes().clear());
                assertArrayEquals(predict(TestDenoisers.bent(DIM), rows), predict(spread, rows));
                List<List<Integer>> sizes = copies.stream().map(copy -> List.copyOf(copy.batchSizes())).toList();
                assertEquals(switch (rows) {
                    case 1 -> List.of(List.of(1), List.of(), List.of());
                    case 2 -> List.of(List.of(1), List.of(1), List.of());
                    case 3 -> List.of(List.of(2), List.of(), List.of(1));
                    case 6 -> List.of(List.of(3), List.of(1), List.of(2));
                    case 7 -> List.of(List.of(4), List.of(1), List.of(2));
                    default -> List.of(List.of(6), List.of(2), List.of(4));
                }, sizes, rows + " rows");
            }
        }
    }

    @Test
    void copiesWorkAtTheSameTime() {
        CyclicBarrier together = new CyclicBarrier(2);
        List<TestDenoisers.Recording> copies = recorded(2);
        copies.forEach(
                copy -> copy.beforeCall(batch -> assertDoesNotThrow(() -> together.await(30, TimeUnit.SECONDS))));
        try (Denoiser spread = spread(copies)) {
            predict(spread, 4);
        }
    }

    @Test
    void whatACopyFailsWithIsWhatTheCallFailsWith() {
        List<TestDenoisers.Recording> copies = recorded(3);
        RuntimeException thrown = new RuntimeException("planted");
        copies.get(1).beforeCall(batch -> {
            throw thrown;
        });
        try (Denoiser spread = spread(copies)) {
            assertSame(thrown, assertThrows(RuntimeException.class, () -> predict(spread, 6)));
            copies.get(1).beforeCall(batch -> {});
            assertArrayEquals(predict(TestDenoisers.bent(DIM), 6), predict(spread, 6));
        }
    }

    static Stream<Method> methods() {
        return Stream.of(new Sequential(), ParaTaa.defaults(), Srds.defaults());
    }

    /** Rows of a device travel to the host, from where each copy takes its own. */
    @ParameterizedTest
    @MethodSource("methods")
    void samplesHaveTheBitsOfOneCopy(Method method) {
        List<Request> requests = IntStream.range(0, 5).mapToObj(i -> Request.seed(i).withLabel(i)).toList();
        CountingDevice device = new CountingDevice(false);
        List<Sample> expected = draw(TestDenoisers.bent(DIM), method, requests, Device.cpu());
        try (Denoiser spread = spread(recorded(3), 1, 5, 2)) {
            assertFalse(spread.worksOn(device));
            for (Device where : new Device[] {Device.cpu(), device}) {
                List<Sample> found = draw(spread, method, requests, where);
                for (int i = 0; i < requests.size(); i++) {
                    assertArrayEquals(expected.get(i).values(), found.get(i).values(), "request " + i);
                    assertEquals(expected.get(i).stats().rounds(), found.get(i).stats().rounds());
                }
            }
        }
    }

    private static List<Sample> draw(Denoiser model, Method method, List<Request> requests, Device device) {
        try (Sampler sampler = Sampler.builder(model, TestGrids.linear(10)).method(method).device(device).build()) {
            return sampler.sample(requests, RunOptions.defaults());
        }
    }

    @Test
    void aSlowerCopyIsMeasuredAsSlower() {
        List<TestDenoisers.Recording> copies = recorded(2);
        copies.get(1).beforeCall(batch -> assertDoesNotThrow(() -> Thread.sleep(40)));
        List<ModelCopy> measured = ModelCopy.measured(copies.stream().map(ModelCopy::of).toList(), TestGrids.linear(10),
                Conditioning.of(Condition.none()), 2);
        double slow = measured.get(1).share();
        assertTrue(slow < 50 && measured.get(0).share() > slow, measured + " rows in a second");
        SpreadDenoiser.of(measured).close();
    }

    @Test
    void whatAreNotCopiesOfOneModelIsRefused() {
        Denoiser one = GaussianDenoiserTest.model(DIM);
        Denoiser wider = GaussianDenoiserTest.model(DIM + 1);
        assertThrows(IllegalValueException.class, () -> SpreadDenoiser.of(List.of()));
        assertTrue(assertThrows(IllegalValueException.class, () -> spread(List.of(one, wider))).getMessage()
                .contains("they share calls of one model"));
        assertTrue(assertThrows(IllegalValueException.class, () -> spread(List.of(one, one))).getMessage()
                .contains("another one than those before it"));
        for (double share : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThrows(IllegalValueException.class, () -> ModelCopy.of(one).withShare(share));
        }
        CountingDevice device = new CountingDevice(false);
        TestDenoisers.Recording ofTheHost = TestDenoisers.bent(DIM);
        assertEquals("device " + device + ": must be one where " + ofTheHost + " works",
                assertThrows(IllegalValueException.class, () -> ModelCopy.of(ofTheHost, device)).getMessage());
        assertThrows(IllegalValueException.class, () -> ModelCopy.measured(List.of(ModelCopy.of(one)),
                TestGrids.linear(10), Conditioning.of(Condition.none()), 0));
        one.close();
        wider.close();
    }

    @Test
    void itClosesItsCopiesWhereItOwnsThem() {
        for (boolean owning : new boolean[] {false, true}) {
            List<Denoiser> copies = copies(2);
            Denoiser spread = spread(copies);
            (owning ? spread.owning() : spread).close();
            for (Denoiser copy : copies) {
                if (owning) {
                    assertThrows(IllegalStateException.class, () -> predict(copy, 1));
                } else {
                    predict(copy, 1);
                }
                copy.close();
            }
        }
    }
}
