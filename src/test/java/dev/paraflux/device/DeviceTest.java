package dev.paraflux.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.kernel.Kernels;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class DeviceTest {
    @Test
    void cpuIsOneDeviceAndSaysWithWhatItComputes() {
        assertSame(Device.cpu(), Device.cpu());
        assertTrue(Set.of("avx512", "avx2", "baseline").contains(Device.instructionSet()), Device.instructionSet());
        assertEquals("cpu (" + Device.instructionSet() + ")", Device.cpu().toString());
    }

    @Test
    void negativeCudaIndexIsRefused() {
        String message = assertThrows(IllegalArgumentException.class, () -> Device.cuda(-1)).getMessage();
        assertEquals("index -1: must be 0 or more", message);
    }

    @Test
    void missingCudaDeviceIsRefusedInWordsThatSayWhatToDo() {
        Assumptions.assumeTrue(Kernels.paraflux_cuda_device_count() == 0, "a CUDA device is here");
        String message = assertThrows(IllegalStateException.class, () -> Device.cuda(0)).getMessage();
        assertEquals("no CUDA device: " + Device.cudaMessage() + "; use Device.cpu()", message);
    }

    @Test
    void cudaIndexBeyondTheLastIsRefusedWithTheLegalRange() {
        int count = Kernels.paraflux_cuda_device_count();
        Assumptions.assumeTrue(count > 0, "no CUDA device is here");
        String message = assertThrows(IllegalArgumentException.class, () -> Device.cuda(count)).getMessage();
        assertEquals("index " + count + ": must be 0 to " + (count - 1), message);
    }

    @Test
    void reasonForTheNumberOfCudaDevicesIsGiven() {
        assertFalse(Device.cudaMessage().isBlank());
    }

    @Test
    void aNameThatIsNoDevicesIsRefusedByWhereItWasTyped() {
        String legal = ": must be cpu, or cuda: and the index of a device, as in cuda:0";
        assertEquals("device \"gpu\"" + legal,
                assertThrows(IllegalArgumentException.class, () -> Device.named("gpu")).getMessage());
        String before = System.getProperty("paraflux.device");
        System.setProperty("paraflux.device", "cuda0");
        try {
            assertEquals("paraflux.device \"cuda0\"" + legal,
                    assertThrows(IllegalArgumentException.class, Device::byDefault).getMessage());
        } finally {
            if (before == null) {
                System.clearProperty("paraflux.device");
            } else {
                System.setProperty("paraflux.device", before);
            }
        }
    }
}
