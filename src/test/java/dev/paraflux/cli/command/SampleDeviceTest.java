package dev.paraflux.cli.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.cli.CommandRun;
import dev.paraflux.device.CudaFacts;
import dev.paraflux.device.CudaTests;
import dev.paraflux.device.Device;
import dev.paraflux.model.TinyNetwork;
import dev.paraflux.model.torch.TestModules;
import dev.paraflux.model.torch.TorchLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where {@code sample} keeps its rows, and what {@code doctor} says of such places. */
class SampleDeviceTest {
    @TempDir
    private Path folder;

    private byte[] picture(String device) throws IOException {
        Path file = folder.resolve(device.replace(':', '-') + ".png");
        CommandRun.of("sample", "--labels=3", "--steps=4", "--method=parataa", "--device=" + device, "--threads=1",
                "--out=" + file).requireCode(0);
        return Files.readAllBytes(file);
    }

    @Test
    void aDeviceThatIsNotThereIsRefusedInASentence() {
        Assumptions.assumeTrue(Device.cudaDevices().isEmpty(), "a CUDA device is here");
        CommandRun.of("sample", "--labels=3", "--device=cuda:0").requireRefusal(2,
                "--device \"cuda:0\": must be cpu, for there is no CUDA device: " + Device.cudaMessage());
        CommandRun.of("sample", "--labels=3", "--model-device=cuda:0").requireRefusal(2,
                "--model-device \"cuda:0\": must be cpu, for there is no CUDA device: " + Device.cudaMessage());
        CommandRun.of("sample", "--labels=3", "--model-device=gpu").requireRefusal(2,
                "--model-device \"gpu\": must be cpu, or cuda: and the index of a device, as in cuda:0");
    }

    @Test
    void aModelIsNotRunWhereLibtorchIsTheCpus() {
        Device device = CudaTests.device();
        CommandRun.of("sample", "--labels=3", "--model-device=cuda:0").requireRefusal(2,
                "--model-device " + device + ": must be the CPU, for the libtorch here is the CPU's: put"
                        + " org.bytedeco:pytorch:" + TorchLibrary.version() + ":linux-x86_64-gpu on the class path, and"
                        + " CUDA, cuDNN and NCCL where the system finds them");
    }

    @Test
    void aGraphIsNotRunWhereOnnxRuntimeIsTheCpus() {
        Device device = CudaTests.device();
        CommandRun.of("sample", "--model=" + TinyNetwork.of("audio").file(".onnx"), "--model-device=cuda:0")
                .requireRefusal(2,
                        "--model-device " + device + ": must be the CPU, for the ONNX Runtime here is the CPU's:"
                                + " put com.microsoft.onnxruntime:onnxruntime_gpu:1.");
        assertTrue(CommandRun.of("doctor").output().contains("ONNX on     the CPU alone: the ONNX Runtime here is"));
    }

    @Test
    void aPackageForTheCpuIsNotRunElsewhere() throws IOException {
        Device device = CudaTests.device();
        Path file = folder.resolve("tiny.pt2");
        try (InputStream content = SampleDeviceTest.class.getResourceAsStream("/dev/paraflux/model/aoti/tiny.pt2")) {
            Files.copy(content, file);
        }
        Files.writeString(folder.resolve("tiny.json"), TestModules.card("[\"x\", \"t\", \"label\"]", "[1, 8, 8]",
                "epsilon", "\"labels\": 4,"));
        CommandRun.of("sample", "--model=" + file, "--labels=3", "--model-device=cuda:0").requireRefusal(2,
                "--model-device " + device + ": must be the CPU, which model file " + file
                        + " was compiled for: export it with --device cuda (tools/README.md)");
    }

    @Test
    void aPictureIsTheSameOnEveryDevice() throws IOException {
        CudaTests.device();
        assertArrayEquals(picture("cpu"), picture("cuda:0"));
    }

    @Test
    void anIndexPastTheLastIsRefusedWithTheLegalNames() {
        CudaTests.device();
        int last = Device.cudaDevices().size() - 1;
        CommandRun.of("sample", "--labels=3", "--device=cuda:99").requireRefusal(2,
                "--device \"cuda:99\": must be cpu, or cuda:0 to cuda:" + last);
    }

    @Test
    void doctorListsTheDevices() {
        CudaTests.device();
        assertTrue(CommandRun.of("doctor").output().contains("libtorch on the CPU alone: "));
        List<CudaFacts> devices = Device.cudaDevices();
        List<String> lines = CommandRun.of("doctor").output().lines().filter(line -> line.startsWith("cuda:")).toList();
        assertEquals(devices.size(), lines.size());
        for (int i = 0; i < lines.size(); i++) {
            assertTrue(lines.get(i)
                    .matches("cuda:" + i + " +.*, compute capability [0-9]+[.][0-9], [0-9]+ multiprocessors,"
                            + " [0-9.]+ of [0-9.]+ GiB free(, direct to cuda:[0-9]+(, cuda:[0-9]+)*)?"),
                    lines.get(i));
            assertEquals("", devices.get(i).refusal());
            for (int peer : devices.get(i).peers()) {
                assertTrue(peer != i && lines.get(i).matches(".*direct to.* cuda:" + peer + "(,.*)?"), lines.get(i));
                assertTrue(devices.get(peer).peers().contains(i), "one way alone, from cuda:" + i);
            }
        }
    }
}
