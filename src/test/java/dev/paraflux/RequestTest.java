package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.model.Condition;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A request is what it was when it was made, and legal. */
class RequestTest {
    private static final float[] VALUES = {1, 2, 3};

    private static Request full(float[] start, float[] rowNoise, float[] image) {
        return Request.seed(5).withStart(start).withRowNoise(rowNoise).withImage(image);
    }

    @Test
    void arraysThatChangeLaterDoNotChangeIt() {
        float[] start = VALUES.clone();
        float[] rowNoise = VALUES.clone();
        float[] image = VALUES.clone();
        Request request = full(start, rowNoise, image);
        for (float[] mine : new float[][] {start, rowNoise, image, request.start(), request.rowNoise(),
                request.image()}) {
            Arrays.fill(mine, 9);
        }
        assertArrayEquals(VALUES, request.start());
        assertArrayEquals(VALUES, request.rowNoise());
        assertArrayEquals(VALUES, request.image());
        assertNull(Request.seed(5).start());
    }

    @Test
    void requestsForTheSameSampleAreEqual() {
        Request request = full(VALUES, VALUES, VALUES);
        assertEquals(request, full(VALUES.clone(), VALUES.clone(), VALUES.clone()));
        assertEquals(request.hashCode(), full(VALUES.clone(), VALUES.clone(), VALUES.clone()).hashCode());
        assertNotEquals(request, request.withStart(new float[] {1, 2, 4}));
        assertNotEquals(request, request.withRowNoise(null));
        assertNotEquals(request, request.withImage(null));
        assertNotEquals(request, request.withLabel(1));
        assertNotEquals(Request.seed(5), Request.seed(6));
        FloatBuffer shared = direct();
        assertEquals(request.withStart(shared), request.withStart(shared), "the same memory");
        assertNotEquals(request.withStart(shared), request.withStart(direct()), "memory that is as long");
    }

    private static FloatBuffer direct() {
        return ByteBuffer.allocateDirect(12).order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void valuesThatAreNotFiniteAreRefusedWhenItIsMade(float value) {
        float[] spoiled = {0, 0, value};
        refused("start noise[2] " + value + ": must be finite", Request.seed(1)::withStart, spoiled);
        refused("row noise[2] " + value + ": must be finite", Request.seed(1)::withRowNoise, spoiled);
        refused("image[2] " + value + ": must be finite", Request.seed(1)::withImage, spoiled);
    }

    private static void refused(String message, Function<float[], Request> making, float[] values) {
        assertEquals(message, assertThrows(IllegalValueException.class, () -> making.apply(values)).getMessage());
    }

    @Test
    void conditionIsNeeded() {
        assertThrows(NullPointerException.class, () -> Request.seed(1).withCondition(null));
        assertThrows(NullPointerException.class, () -> Request.seed(1).withCondition(null));
        assertEquals(Condition.none(), Request.seed(1).condition());
    }

    /** As PyTorch tells it: {@code torch.initial_seed()} is 2^64 - 1 after {@code torch.manual_seed(-1)}. */
    @Test
    void seedIsToldWithoutASign() {
        assertEquals("Request[seed 18446744073709551615, none]", Request.seed(-1).toString());
        assertEquals(Request.seed(-1), Request.seed(Long.parseUnsignedLong("18446744073709551615")));
    }
}
