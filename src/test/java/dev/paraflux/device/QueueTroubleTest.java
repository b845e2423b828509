package dev.paraflux.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.FloatBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** A queue whose device fails, and one that is closed in the middle of a copy. */
class QueueTroubleTest {
    private final Resources resources = new Resources();
    private final Buffer rows = resources.add(Device.cpu().allocate(2, 3));
    private final Trouble trouble = new Trouble();
    private final Queue queue = resources.add(new Queue(Device.cpu(), trouble));

    /** The CPU's, but that waits may fail, and that something happens in the middle of a copy. */
    private static final class Trouble extends CpuLane {
        private boolean fails;
        private Runnable meanwhile = () -> {};

        @Override
        public void copyOut(Buffer buffer, int row, float[] into, int offset, UnderWay underWay) {
            meanwhile.run();
        }

        @Override
        public void copyOut(Buffer buffer, int row, FloatBuffer into, UnderWay underWay) {
            meanwhile.run();
        }

        @Override
        public void copyIn(float[] from, int offset, Buffer buffer, int row, UnderWay underWay) {
            meanwhile.run();
        }

        @Override
        public void copyIn(FloatBuffer from, Buffer buffer, int row, UnderWay underWay) {
            meanwhile.run();
        }

        @Override
        public void copy(long to, long from, long bytes, Device other) {
            meanwhile.run();
        }

        @Override
        public void finish() {
            if (fails) {
                throw new IllegalStateException("lost");
            }
        }
    }

    @AfterEach
    void close() {
        resources.close();
    }

    /** What a copy uses of a queue is there until it is done. */
    @Test
    void aQueueIsNotClosedInTheMiddleOfACopy() {
        trouble.meanwhile = queue::close;
        float[] values = new float[3];
        for (Executable copy : new Executable[] {() -> queue.read(rows, 0, values, 0),
                () -> queue.read(rows, 0, FloatBuffer.wrap(values)), () -> queue.write(values, 0, rows, 0),
                () -> queue.write(FloatBuffer.wrap(values), rows, 0), () -> queue.transfer(rows, 0, rows, 1, 1)}) {
            String message = assertThrows(IllegalStateException.class, copy).getMessage();
            assertTrue(message.startsWith("Queue cannot be closed while it is in use"), message);
        }
        queue.await();
    }

    private RowProgram squares(double factor) {
        RowProgram program = new RowProgram();
        program.row().plus(factor, rows, 0).squares();
        queue.run(program);
        return program;
    }

    @Test
    void whatWasWaitedForOutlivesAFailureAndWhatWasNotIsLost() {
        rows.write(0, new float[] {1, 0, 0});
        RowProgram before = squares(2);
        queue.await();
        RowProgram lost = squares(3);
        fail();
        RowProgram after = squares(4);
        queue.await();
        assertEquals(4, before.sum(0));
        assertEquals(16, after.sum(0));
        RowProgram lostToo = squares(5);
        fail();
        assertEquals(4, before.sum(0));
        for (RowProgram program : new RowProgram[] {lost, lostToo}) {
            String message = assertThrows(IllegalStateException.class, () -> program.sum(0)).getMessage();
            assertTrue(message.contains("is lost"), message);
        }
    }

    private void fail() {
        trouble.fails = true;
        assertThrows(IllegalStateException.class, queue::await);
        trouble.fails = false;
    }
}
