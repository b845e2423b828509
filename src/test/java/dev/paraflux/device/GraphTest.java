package dev.paraflux.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.kernel.Kernels;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class GraphTest {
    private static final int DIM = 257;

    /** One row after the other is copied by native code of somebody else's, which knows the stream. */
    private static void copy(Device device, Queue queue, Buffer from, Buffer to) {
        int error = Kernels.paraflux_cuda_copy(device.cudaIndex().getAsInt(), to.address(0), from.address(0),
                (long) DIM * Float.BYTES, queue.handle());
        assertEquals(0, error);
    }

    private static float first(Buffer row) {
        float[] values = new float[DIM];
        row.read(0, values);
        return values[0];
    }

    private static float[] filled(float value) {
        float[] row = new float[DIM];
        Arrays.fill(row, value);
        return row;
    }

    @Test
    void whatWasCapturedIsDoneAtEveryLaunchInTheOrderOfTheQueue() {
        Device device = CudaTests.device();
        try (Queue queue = device.queue(); Buffer from = device.allocate(1, DIM); Buffer to = device.allocate(1, DIM)) {
            to.write(0, filled(7));
            try (Graph graph = Graph.capture(queue, () -> copy(device, queue, from, to))) {
                assertSame(queue, graph.queue());
                float[][] found = new float[3][DIM];
                for (int launch = 0; launch < found.length; launch++) {
                    queue.read(to, 0, found[launch], 0);
                    queue.write(filled(launch), 0, from, 0);
                    graph.launch();
                }
                queue.await();
                assertArrayEquals(filled(7), found[0], "nothing was done while it was captured");
                assertArrayEquals(filled(0), found[1]);
                assertArrayEquals(filled(1), found[2]);
                assertEquals(2, first(to));
            }
        }
    }

    @Test
    void whatFailsWhileItIsCapturedLeavesTheQueueAsItWas() {
        Device device = CudaTests.device();
        try (Queue queue = device.queue(); Buffer from = device.allocate(1, DIM); Buffer to = device.allocate(1, DIM)) {
            from.write(0, filled(3));
            String message = assertThrows(IllegalArgumentException.class, () -> Graph.capture(queue, () -> {
                copy(device, queue, from, to);
                throw new IllegalArgumentException("of the work's own");
            })).getMessage();
            assertEquals("of the work's own", message);
            message = assertThrows(IllegalStateException.class,
                    () -> Graph.capture(queue,
                            () -> assertTrue(Kernels.paraflux_cuda_wait(device.cudaIndex().getAsInt(),
                                    queue.handle()) != 0)))
                    .getMessage();
            assertTrue(message.contains("could not capture a graph"), message);
            assertEquals(0, first(to));
            copy(device, queue, from, to);
            queue.await();
            assertEquals(3, first(to));
        }
    }

    /** It would be done at every launch, from and to memory that is taken for other rows by then. */
    @Test
    void workOfTheQueueItselfIsRefusedWhileItIsCaptured() {
        Device device = CudaTests.device();
        float[] found = new float[DIM];
        try (Queue queue = device.queue(); Buffer row = device.allocate(1, DIM)) {
            row.write(0, filled(5));
            queue.read(row, 0, found, 0);
            List<Runnable> works = List.of(() -> queue.read(row, 0, new float[DIM], 0),
                    () -> queue.write(filled(7), 0, row, 0), queue::await, () -> Graph.capture(queue, () -> {}));
            for (Runnable work : works) {
                assertEquals("Queue is being captured: until that ends only other native code works on it",
                        assertThrows(IllegalStateException.class, () -> Graph.capture(queue, work)).getMessage());
            }
            queue.await();
            assertArrayEquals(filled(5), found, "what was asked for before is there");
            assertEquals(5, first(row));
        }
    }

    @Test
    void aClosedGraphAndAClosedQueueAreRefused() {
        Device device = CudaTests.device();
        try (Buffer row = device.allocate(1, DIM)) {
            Queue queue = device.queue();
            Graph closed = Graph.capture(queue, () -> copy(device, queue, row, row));
            Graph left = Graph.capture(queue, () -> copy(device, queue, row, row));
            closed.close();
            closed.close();
            assertEquals("Graph is closed", assertThrows(IllegalStateException.class, closed::launch).getMessage());
            queue.close();
            assertEquals("Queue is closed", assertThrows(IllegalStateException.class, left::launch).getMessage());
            assertEquals("Queue is closed", assertThrows(IllegalStateException.class,
                    () -> Graph.capture(queue, () -> {})).getMessage());
            left.close();
        }
    }

    @Test
    void theHostHasNone() {
        try (Queue queue = Device.cpu().queue()) {
            assertEquals("there are no graphs on this device",
                    assertThrows(IllegalStateException.class, () -> Graph.capture(queue, () -> {})).getMessage());
        }
    }
}
