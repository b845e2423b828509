package dev.paraflux.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.paraflux.JavaProcess;
import dev.paraflux.model.torch.TestModules;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    @Test
    void helpNamesTheCommandsAndTheExitCodes() {
        CommandRun run = CommandRun.of("--help").requireCode(0);
        assertTrue(run.output().contains("sample   Draws"), run.output());
        assertTrue(run.output().contains("compare  Draws"), run.output());
        assertTrue(run.output().contains("doctor   Prints"), run.output());
        assertTrue(run.output().contains("130  cancelled"), run.output());
        assertEquals("", run.errors());
    }

    @ParameterizedTest
    @ValueSource(strings = {"sample", "compare", "fit", "plan", "doctor"})
    void everyCommandHasHelpAndVersion(String command) {
        assertTrue(CommandRun.of(command, "--help").requireCode(0).output().startsWith("Usage: paraflux " + command));
        assertTrue(CommandRun.of(command, "--version").requireCode(0).output().startsWith("paraflux "));
    }

    /** Nothing ends the wait for a pipe that nobody writes to: Ctrl-C does not wait for it. */
    @Test
    void aCommandThatWaitsForInputIsNotWaitedFor(@TempDir Path folder) throws Exception {
        Path pipe = folder.resolve("pipe.npy");
        assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0, "no pipes here");
        Thread opening = new Thread(() -> CommandRun.of("sample", "--labels=3", "--noise=" + pipe));
        assertFalse(Main.waitsForInput(opening));
        opening.start();
        awaitInput(opening);
        try (OutputStream writer = Files.newOutputStream(pipe)) {
            writer.write(0);
            writer.flush();
            awaitInput(opening);
        }
        opening.join();
        assertFalse(Main.waitsForInput(opening));
        assertFalse(Main.waitsForInput(Thread.currentThread()));
    }

    /** A command reads classes and models: that it reads when it is looked at does not yet say that nothing will come. */
    @Test
    void aCommandThatReadsForAMomentIsWaitedFor(@TempDir Path folder) throws Exception {
        Path pipe = folder.resolve("pipe");
        assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0, "no pipes here");
        CountDownLatch done = new CountDownLatch(1);
        Thread command = new Thread(() -> {
            try (InputStream reader = new FileInputStream(pipe.toFile())) {
                reader.read();
                Thread.sleep(300);
                done.countDown();
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        command.start();
        awaitInput(command);
        Thread waiting = new Thread(() -> Main.await(done, command));
        waiting.start();
        Thread.sleep(150);
        try (OutputStream writer = Files.newOutputStream(pipe)) {
            writer.write(0);
            waiting.join();
        }
        assertEquals(0, done.getCount(), "it was not waited for");
        command.join();
    }

    /** What fails while a failure is told ends the thread: the process is not to outlive it. */
    @Test
    @Timeout(20)
    void aCommandThatHasDiedIsNotWaitedFor() throws Exception {
        Thread command = new Thread(() -> {});
        command.start();
        command.join();
        Main.await(new CountDownLatch(1), command);
    }

    private static void awaitInput(Thread thread) throws InterruptedException {
        while (!Main.waitsForInput(thread)) {
            assertTrue(thread.isAlive());
            Thread.sleep(10);
        }
    }

    @Test
    void withoutACommandItSaysWhichThereAre() {
        CommandRun.of().requireRefusal(2, "a command is missing: sample, compare, fit, plan, worker or doctor");
    }

    @Test
    void anUnknownOptionIsRefusedWithASuggestion() {
        CommandRun run = CommandRun.of("sample", "--stepz=3");
        run.requireRefusal(2, "Unknown option: '--stepz=3'");
        assertTrue(run.errors().contains("--steps"), run.errors());
        assertTrue(run.errors().contains("Try 'paraflux sample --help'"), run.errors());
    }

    @Test
    void anUnknownCommandIsRefused() {
        CommandRun.of("smaple").requireRefusal(2, "'smaple'");
    }

    @Test
    void doctorMeasuresModelsAndNamesTheFastest(@TempDir Path folder) throws Exception {
        Path plain = TestModules.plain(folder);
        Path labelled = TestModules.labelled(folder);
        Path damaged = Files.write(folder.resolve("damaged.pt"), Arrays.copyOf(Files.readAllBytes(plain), 700));
        Files.copy(folder.resolve("plain.json"), folder.resolve("damaged.json"));
        CommandRun run = CommandRun.of("doctor", "--model=" + plain + "," + labelled + "," + damaged).requireCode(1);
        List<String> lines = run.output().lines().toList();
        List<String> models = lines.stream().filter(line -> line.startsWith("model ")).toList();
        assertEquals(3, models.size());
        assertTrue(models.get(1).matches("model +test \\[2, 3, 5] by libtorch .*, float32: 1 row [0-9.]+ ms, 4 rows"
                + " [0-9.]+ ms, 16 rows [0-9.]+ ms; its calls are cut for .*"), models.get(1));
        assertTrue(models.get(2).contains("FAILED: model file " + damaged + " is damaged"), models.get(2));
        String fastest = lines.stream().filter(line -> line.startsWith("fastest ")).findFirst().orElseThrow();
        assertTrue(fastest.matches("fastest +1 row: .*\\.pt, 4 rows: .*\\.pt, 16 rows: .*\\.pt"), fastest);
    }

    @Test
    void doctorFindsEverything() {
        CommandRun run = CommandRun.of("doctor").requireCode(0);
        for (String part : new String[] {"java ", "native code ", "kernels ", "CUDA ", "libtorch ",
                "demo model  digits [1, 28, 28]",
                "libparaflux.so", "libtorch_cpu.so"}) {
            assertTrue(run.output().contains(part), () -> part + " is not in " + run.output());
        }
    }

    /** All that needs them would say it again. */
    @Test
    void doctorSaysOnceWhyThereAreNoKernels() throws Exception {
        List<String> lines = new JavaProcess().with("-Dorg.bytedeco.javacpp.platform=macosx-arm64")
                .run(1, Main.class, "doctor");
        List<String> why = lines.stream().filter(line -> line.contains("libparaflux cannot be loaded")).toList();
        assertEquals(1, why.size(), () -> String.join("\n", lines));
        assertTrue(why.get(0).startsWith("kernels     FAILED: "), why.get(0));
        assertTrue(lines.stream().anyMatch(line -> line
                .matches("torchscript +not here: libtorch cannot be loaded: there are no kernels, as said above")),
                () -> String.join("\n", lines));
    }
}
