package dev.paraflux.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.paraflux.JavaProcess;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class VirtualThreadsTest {
    private static final int FIRST_VERSION = 21;

    /** One virtual thread closes a thing, which takes a while, and another comes to use it. */
    static final class CloseUnderUse {
        private CloseUnderUse() {}

        public static void main(String[] none) throws Exception {
            Lifetime lifetime = new Lifetime("Thing");
            CountDownLatch closing = new CountDownLatch(1);
            ExecutorService threads = (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor")
                    .invoke(null);
            threads.submit(() -> lifetime.closeWith(() -> {
                closing.countDown();
                sleep();
            }));
            Future<String> used = threads.submit(() -> {
                closing.await();
                try {
                    lifetime.acquire();
                    return "acquired";
                } catch (IllegalStateException e) {
                    return e.getMessage();
                }
            });
            System.out.println(used.get(20, TimeUnit.SECONDS));
            System.exit(0);
        }

        private static void sleep() {
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Who waits in a loop keeps the only carrier from the one that is waited for. */
    @Test
    void aCloseOnTheOnlyCarrierComesToItsEnd() throws Exception {
        assumeTrue(Runtime.version().feature() >= FIRST_VERSION, "no virtual threads here");
        assertEquals(List.of("Thing is closed"), new JavaProcess().with("-Djdk.virtualThreadScheduler.parallelism=1")
                .with("-Djdk.virtualThreadScheduler.maxPoolSize=1").run(0, CloseUnderUse.class));
    }
}
