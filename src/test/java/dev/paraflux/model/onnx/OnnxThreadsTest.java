package dev.paraflux.model.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.paraflux.model.TinyNetwork;
import dev.paraflux.model.file.ModelFile;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs of one session, and of several, at the same time: each row has its bits. */
@Timeout(60)
class OnnxThreadsTest {
    private static final int CALLS = 100;

    private final TinyNetwork audio = TinyNetwork.of("audio");

    private PretrainedDenoiser load(int replicas, LoadOptions options) throws IOException {
        PretrainedDenoiser model = ModelFile.load(audio.file(".onnx"), options);
        model.setReplicas(replicas);
        return model;
    }

    @Test
    void threadsOfOneCallShareASession() throws IOException {
        try (PretrainedDenoiser model = load(5, LoadOptions.DEFAULT)) {
            float[][] expected = audio.evaluate(model, audio.conditions());
            for (int call = 0; call < CALLS; call++) {
                assertArrayEquals(expected, audio.evaluate(model, audio.conditions()));
            }
        }
    }

    @Test
    void modelsAreCalledLoadedAndClosedAtTheSameTime() throws Exception {
        float[][] expected;
        try (PretrainedDenoiser model = load(2, LoadOptions.DEFAULT)) {
            expected = audio.evaluate(model, audio.conditions());
        }
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int task = 0; task < 4; task++) {
                tasks.add(() -> {
                    for (int load = 0; load < 5; load++) {
                        try (PretrainedDenoiser model = load(2, LoadOptions.DEFAULT)) {
                            for (int call = 0; call < CALLS / 5; call++) {
                                assertArrayEquals(expected, audio.evaluate(model, audio.conditions()));
                            }
                        }
                    }
                    return null;
                });
            }
            for (Future<Void> done : threads.invokeAll(tasks)) {
                done.get();
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void aModelIsNotClosedUnderACall() throws Exception {
        for (int close = 0; close < 20; close++) {
            PretrainedDenoiser model = load(2, LoadOptions.DEFAULT);
            Thread calls = new Thread(() -> assertEquals("PretrainedDenoiser is closed",
                    assertThrows(IllegalStateException.class, () -> {
                        while (true) {
                            audio.evaluate(model, audio.conditions());
                        }
                    }).getMessage()));
            List<Throwable> failures = new ArrayList<>();
            calls.setUncaughtExceptionHandler((thread, failure) -> failures.add(failure));
            calls.start();
            Thread.sleep(close % 3);
            while (true) {
                try {
                    model.close();
                    break;
                } catch (IllegalStateException e) {
                    Thread.onSpinWait();
                }
            }
            calls.join();
            assertEquals(List.of(), failures);
        }
    }
}
