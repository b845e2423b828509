package dev.paraflux.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In which order a queue of any device does what it is given, rows that travel included; a device's test inherits it. */
abstract class QueueOrderContract extends RowsOfQueue {
    @ParameterizedTest
    @ValueSource(ints = {1, 784, 4097})
    void rowsTravelToTheHostAndBackInTheOrderOfTheQueue(int dim) {
        float[][] values = random(dim);
        Buffer rows = written(values);
        Buffer staging = resources.add(device().staging(ROWS, dim));
        RowProgram program = new RowProgram();
        program.into(rows, 2).plus(2, rows, 1);
        queue().run(program);
        queue().transfer(rows, 1, staging, 4, 3);
        program.clear();
        program.into(rows, 2).plus(3, rows, 1);
        queue().run(program);
        queue().await();
        float[] twice = values[1].clone();
        for (int e = 0; e < dim; e++) {
            twice[e] *= 2;
        }
        float[] found = new float[dim];
        for (int r = 0; r < 3; r++) {
            staging.read(4 + r, found);
            assertArrayEquals(r == 1 ? twice : values[1 + r], found, "row " + r);
        }
        staging.read(3, found);
        assertArrayEquals(new float[dim], found, "the row before");
        queue().transfer(staging, 5, rows, 7, 1);
        assertArrayEquals(twice, read(rows, 7));
        staging.write(5, values[0]);
        assertArrayEquals(twice, read(rows, 7), "what has travelled is no longer the host's");
    }

    /** Nobody waits before the end, and then for one of them. */
    @Test
    void queuesThatFollowOneAnotherTakeTurns() {
        Buffer rows = written(new float[][] {{1, -1}});
        queue().await();
        RowProgram more = new RowProgram();
        more.into(rows, 0).plus(2, rows, 0);
        RowProgram less = new RowProgram();
        less.into(rows, 0).plus(0.5, rows, 0).squares();
        try (Queue other = device().queue()) {
            for (int turn = 0; turn < 20; turn++) {
                other.follow(queue());
                other.run(more);
                other.run(more);
                queue().follow(other);
                queue().run(less);
            }
            queue().await();
            assertEquals(2 * (double) (1 << 20) * (1 << 20), less.sum(0));
            queue().follow(queue());
            assertArrayEquals(new float[] {1 << 20, -(1 << 20)}, read(rows, 0));
        }
    }

    @Test
    void aClosedQueueNeitherFollowsNorIsFollowed() {
        Queue closed = device().queue();
        closed.close();
        for (Executable call : new Executable[] {() -> queue().follow(closed), () -> closed.follow(queue())}) {
            assertEquals("Queue is closed", assertThrows(IllegalStateException.class, call).getMessage());
        }
        queue().await();
    }

    @Test
    void whatCannotTravelIsRefused() {
        Buffer rows = written(new float[][] {{1, 2}, {3, 4}});
        Buffer staging = resources.add(device().staging(2, 2));
        Buffer longer = resources.add(device().staging(2, 3));
        assertThrows(IndexOutOfBoundsException.class, () -> queue().transfer(rows, 1, staging, 0, 2));
        assertThrows(IndexOutOfBoundsException.class, () -> queue().transfer(rows, 0, staging, 1, 2));
        assertThrows(IndexOutOfBoundsException.class, () -> queue().transfer(rows, -1, staging, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> queue().transfer(rows, 0, staging, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> queue().transfer(rows, 0, longer, 0, 1));
        assertEquals(Device.cpu(), staging.device());
        try (Queue cpu = Device.cpu().queue()) {
            if (!device().isHost()) {
                assertThrows(IllegalArgumentException.class, () -> cpu.transfer(rows, 0, staging, 0, 1));
                assertThrows(IllegalArgumentException.class, () -> queue().transfer(staging, 0, staging, 1, 1));
            }
        }
        staging.close();
        assertThrows(IllegalStateException.class, () -> queue().transfer(rows, 0, staging, 0, 1));
        assertArrayEquals(new float[] {1, 2}, read(rows, 0));
    }

    @Test
    void numbersOfRunsThatWereGivenOneAfterTheOtherAreTheLastOnes() {
        Buffer rows = written(new float[][] {{3, 4}, {1, 0}});
        RowProgram program = new RowProgram();
        program.row().plus(1, rows, 0).squares();
        program.row().plus(2, rows, 0).squares();
        queue().run(program);
        program.clear();
        program.row().plus(1, rows, 1).squares();
        queue().run(program);
        queue().await();
        assertEquals(1, program.sum(0));
        assertThrows(IndexOutOfBoundsException.class, () -> program.sum(1));
    }

    @Test
    void numbersOfAListThatTwoQueuesRanAreThoseOfTheLastRunWhicheverIsWaitedForLast() {
        Buffer rows = written(new float[][] {{3, 4}, {1, 0}});
        queue().await();
        RowProgram program = new RowProgram();
        RowQuantiles quantiles = new RowQuantiles();
        try (Queue other = device().queue()) {
            int row = 0;
            for (Queue each : new Queue[] {queue(), other}) {
                program.clear();
                program.row().plus(1, rows, row).squares();
                quantiles.clear();
                quantiles.add(rows, row++, 1);
                each.run(program);
                each.quantiles(quantiles);
            }
            other.await();
            queue().await();
            assertEquals(1, program.sum(0));
            assertEquals(1, quantiles.value(0));
        }
    }
}
