package dev.paraflux.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.kernel.Kernels;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rows and lists that do not belong to a CUDA device are refused before anything of it is asked. */
class CudaMisuseTest {
    private final Resources resources = new Resources();
    private Device device;
    private Queue queue;
    private Buffer here;
    private Buffer host;

    @BeforeEach
    void open() {
        device = CudaTests.device();
        queue = resources.add(device.queue());
        here = resources.add(device.allocate(3, 4));
        host = resources.add(Device.cpu().allocate(3, 4));
    }

    @AfterEach
    void close() {
        resources.close();
    }

    @Test
    void aDeviceIsOne() {
        assertSame(device, Device.cuda(0));
        assertSame(device, Device.named("cuda:0"));
        assertFalse(device.isHost());
        assertTrue(device.toString().startsWith("cuda:0 ("), device.toString());
        int count = Kernels.paraflux_cuda_device_count();
        String message = assertThrows(IllegalArgumentException.class, () -> Device.cuda(count)).getMessage();
        assertTrue(message.startsWith("index " + count + ": must be 0"), message);
    }

    @Test
    void rowsOfTheHostAreNotGivenToItsKernels() {
        RowProgram program = new RowProgram();
        program.into(host, 0).plus(1, host, 1);
        String message = assertThrows(IllegalArgumentException.class, () -> queue.run(program)).getMessage();
        assertEquals("device " + Device.cpu() + ": must be " + device + ", that of the queue", message);
        RowQuantiles quantiles = new RowQuantiles();
        quantiles.add(host, 0, 0.5);
        assertThrows(IllegalArgumentException.class, () -> queue.quantiles(quantiles));
        assertThrows(IllegalArgumentException.class, () -> queue.read(host, 0, new float[4], 0));
        assertThrows(IllegalArgumentException.class, () -> queue.write(new float[4], 0, host, 0));
        Buffer staging = resources.add(device.staging(1, 4));
        program.clear();
        program.into(staging, 0).plus(1, staging, 0);
        assertThrows(IllegalArgumentException.class, () -> queue.run(program), "nor pinned ones");
        queue.await();
    }

    @Test
    void itsRowsAreNotGivenToTheHostsKernels() {
        RowProgram program = new RowProgram();
        program.into(here, 0).plus(1, here, 1);
        try (Queue cpu = Device.cpu().queue()) {
            assertThrows(IllegalArgumentException.class, () -> cpu.run(program));
            assertThrows(IllegalArgumentException.class, () -> cpu.read(here, 0, new float[4], 0));
        }
    }

    @Test
    void devicesAreNotMixedInOneList() {
        RowProgram program = new RowProgram();
        program.into(here, 0);
        assertThrows(IllegalArgumentException.class, () -> program.plus(1, host, 0));
        program.plus(2, here, 1);
        WindowTable windows = new WindowTable();
        windows.begin(1, 0, null, 0);
        assertThrows(IllegalArgumentException.class, () -> windows.row(here, 0, host, 1, here, 2));
        windows.row(here, 0, here, 1, here, 2);
        assertThrows(IllegalArgumentException.class, () -> windows.plus(1, host, 0));
        GramTable grams = new GramTable();
        grams.group(1);
        grams.row().plus(1, here, 0);
        assertThrows(IllegalArgumentException.class, () -> grams.plus(1, host, 0));
        queue.run(program);
        queue.gram(grams);
        queue.await();
        assertEquals(0, grams.inner(0, 0, 0));
    }

    @Test
    void twoDevicesAreTwo() {
        Device other = CudaTests.device(1);
        Buffer there = resources.add(other.allocate(3, 4));
        RowProgram program = new RowProgram();
        program.into(there, 0).plus(1, there, 1).squares();
        assertThrows(IllegalArgumentException.class, () -> queue.run(program));
        assertThrows(IllegalArgumentException.class, () -> program.plus(1, here, 0));
        assertThrows(IllegalArgumentException.class, () -> queue.transfer(there, 0, there, 1, 1));
        try (Queue queueThere = other.queue()) {
            queueThere.write(new float[] {1, 2, 3, 4}, 0, there, 1);
            queueThere.run(program);
            queueThere.await();
            assertEquals(30, program.sum(0));
        }
    }

    @Test
    void aQueueIsClosedWithWorkUnderWay() {
        Queue closing = device.queue();
        RowProgram program = new RowProgram();
        for (int round = 0; round < 3; round++) {
            closing.write(new float[] {1, 2, 3, 4}, 0, here, 0);
            program.clear();
            program.into(here, 1).plus(1, here, 0).squares();
            closing.run(program);
        }
        closing.close();
        assertThrows(IllegalStateException.class, () -> program.sum(0));
        assertEquals(4, here.get(1, 3), "it was waited for");
    }

    @Test
    void rowsAreClosedWithWorkUnderWay() {
        Buffer closing = device.allocate(2, 4);
        RowProgram program = new RowProgram();
        queue.write(new float[] {1, 2, 3, 4}, 0, closing, 0);
        program.into(closing, 1).plus(2, closing, 0).squares();
        queue.run(program);
        closing.close();
        queue.await();
        assertEquals(120, program.sum(0));
    }

    @Test
    void moreThanMayBeUnderWayIsWaitedForOfItself() {
        long before = NativeMemory.allocatedBytes();
        int dim = 1 << 20;
        try (Buffer rows = device.allocate(1, dim); Queue patient = device.queue()) {
            float[] values = new float[dim];
            for (int time = 0; time < 100; time++) {
                values[dim - 1] = time;
                patient.write(values, 0, rows, 0);
                assertTrue(NativeMemory.allocatedBytes() - before < 1L << 30, "at time " + time);
            }
            patient.read(rows, 0, values, 0);
            patient.await();
            assertEquals(99, values[dim - 1]);
        }
        assertEquals(before, NativeMemory.allocatedBytes());
    }
}
