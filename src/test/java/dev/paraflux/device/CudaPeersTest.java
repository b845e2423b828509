package dev.paraflux.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows travel from one CUDA device to another, whose queues wait for one another and have nobody wait. */
class CudaPeersTest {
    private static final int ROWS = 3;

    private final Resources resources = new Resources();
    private Device device;
    private Device other;
    private Queue queue;
    private Queue there;

    @BeforeEach
    void open() {
        device = CudaTests.device();
        other = CudaTests.device(1);
        queue = resources.add(device.queue());
        there = resources.add(other.queue());
    }

    @AfterEach
    void close() {
        resources.close();
    }

    private static float[] row(int dim, float value) {
        float[] row = new float[dim];
        for (int e = 0; e < dim; e++) {
            row[e] = value + e;
        }
        return row;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 784, 4097})
    void rowsGoThereAndBackInTheOrderOfTheQueues(int dim) {
        Buffer rows = resources.allocate(device, ROWS, dim);
        Buffer copies = resources.allocate(other, ROWS + 1, dim);
        for (int r = 0; r < ROWS; r++) {
            queue.write(row(dim, 10 * r), 0, rows, r);
        }
        RowProgram more = new RowProgram();
        RowProgram twice = new RowProgram();
        for (int r = 0; r < 2; r++) {
            twice.into(copies, 2 + r).plus(2, copies, 2 + r);
            more.into(rows, 1 + r).plus(1, rows, 1 + r).plus(1, rows, 0);
        }
        float[] expected = row(dim, 10);
        float[] last = row(dim, 20);
        for (int turn = 0; turn < 5; turn++) {
            there.follow(queue);
            there.transfer(rows, 1, copies, 2, 2);
            there.run(twice);
            there.transfer(copies, 2, rows, 1, 2);
            queue.follow(there);
            queue.run(more);
            for (int e = 0; e < dim; e++) {
                expected[e] = 2 * expected[e] + e;
                last[e] = 2 * last[e] + e;
            }
        }
        float[][] found = new float[ROWS][dim];
        for (int r = 0; r < ROWS; r++) {
            queue.read(rows, r, found[r], 0);
        }
        queue.await();
        assertArrayEquals(row(dim, 0), found[0]);
        assertArrayEquals(expected, found[1]);
        assertArrayEquals(last, found[2]);
        there.await();
        copies.read(1, found[0]);
        assertArrayEquals(new float[dim], found[0], "the row before");
    }

    /** Either queue copies, whichever way. */
    @Test
    void theQueueOfTheFirstDeviceCopiesToo() {
        Buffer rows = resources.allocate(device, 2, 5);
        Buffer copies = resources.allocate(other, 1, 5);
        queue.write(row(5, 1), 0, rows, 0);
        queue.transfer(rows, 0, copies, 0, 1);
        queue.transfer(copies, 0, rows, 1, 1);
        float[] found = new float[5];
        queue.read(rows, 1, found, 0);
        queue.await();
        assertArrayEquals(row(5, 1), found);
    }

    @Test
    void whatCannotTravelBetweenDevicesIsRefused() {
        Buffer rows = resources.allocate(device, 2, 5);
        Buffer copies = resources.allocate(other, 2, 5);
        Buffer longer = resources.allocate(other, 2, 6);
        assertTrue(device.reaches(other) && other.reaches(device) && device.reaches(Device.cpu()));
        assertFalse(device.reaches(device) || Device.cpu().reaches(device));
        assertThrows(IndexOutOfBoundsException.class, () -> queue.transfer(rows, 1, copies, 0, 2));
        assertThrows(IndexOutOfBoundsException.class, () -> queue.transfer(rows, 0, copies, 1, 2));
        assertThrows(IllegalArgumentException.class, () -> queue.transfer(rows, 0, copies, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> queue.transfer(rows, 0, longer, 0, 1));
        assertEquals("device " + device + ": must be " + other + ", that of the queue",
                assertThrows(IllegalArgumentException.class, () -> there.transfer(rows, 0, rows, 1, 1)).getMessage());
        assertEquals("device " + device + ": must be the host's, or another one that " + device + " reaches",
                assertThrows(IllegalArgumentException.class, () -> queue.transfer(rows, 0, rows, 1, 1)).getMessage());
        copies.close();
        assertThrows(IllegalStateException.class, () -> queue.transfer(rows, 0, copies, 0, 1));
    }

    @Test
    void aQueueOfTheHostWaitsForNoDevice() {
        try (Queue host = Device.cpu().queue()) {
            queue.follow(host);
            assertEquals(
                    "device " + device + ": must be the host's, for a queue of the host: one of the other device can"
                            + " wait for it",
                    assertThrows(IllegalArgumentException.class, () -> host.follow(queue)).getMessage());
        }
    }

    @Test
    void aQueueThatIsCapturedNeitherFollowsNorIsFollowed() {
        assertTrue(assertThrows(IllegalStateException.class, () -> Graph.capture(queue, () -> queue.follow(there)))
                .getMessage().contains("is being captured"));
        assertTrue(assertThrows(IllegalStateException.class, () -> Graph.capture(queue, () -> there.follow(queue)))
                .getMessage().contains("is being captured"));
        queue.follow(there);
        queue.await();
    }

    /** What a queue still does with rows of another device is waited for where they are freed, once that one's follows it. */
    @Test
    void queuesAndRowsAreClosedWhileOthersWaitForThem() {
        for (int time = 0; time < 10; time++) {
            Buffer rows = device.allocate(1, 1000);
            Buffer copies = resources.allocate(other, 1, 1000);
            Queue writing = device.queue();
            Queue copying = other.queue();
            writing.write(row(1000, time), 0, rows, 0);
            copying.follow(writing);
            copying.transfer(rows, 0, copies, 0, 1);
            writing.follow(copying);
            there.follow(copying);
            rows.close();
            copying.close();
            writing.close();
            float[] found = new float[1000];
            there.read(copies, 0, found, 0);
            there.await();
            assertArrayEquals(row(1000, time), found);
        }
    }
}
