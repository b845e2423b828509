package dev.paraflux;

import java.text.MessageFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a run of tests at its end, if one of them forgot to close what holds native memory: what the alarm tells under
 * {@code -Dparaflux.leaks=trace}. JUnit finds it by its file of services.
 */
public final class ForgottenThings implements BeforeAllCallback {
    private static final Logger LOGGER = Logger.getLogger("dev.paraflux");
    /** Of a trace, only these lines tell something. */
    private static final String HERE = "at dev.paraflux.";

    /** Once for all classes; JUnit closes it with the run. */
    @Override
    public void beforeAll(ExtensionContext context) {
        context.getRoot().getStore(ExtensionContext.Namespace.create(ForgottenThings.class))
                .getOrComputeIfAbsent(Listener.class,
                        key -> new Listener(List.of("LeakAlarmTest", "ForgottenThingsTest")), Listener.class);
    }

    /** Hears what the alarm says of things whose place it knows. */
    static final class Listener extends Handler implements AutoCloseable {
        private final List<String> onPurpose;
        private final List<String> forgotten = new CopyOnWriteArrayList<>();

        /** @param onPurpose names of tests that forget things to see what happens */
        Listener(List<String> onPurpose) {
            this.onPurpose = onPurpose;
            LOGGER.addHandler(this);
        }

        @Override
        public void publish(LogRecord message) {
            String text = MessageFormat.format(message.getMessage(), message.getParameters());
            if (text.contains("it was made here") && onPurpose.stream().noneMatch(text::contains)) {
                forgotten.add(text.lines().filter(line -> !line.contains("\tat ") || line.contains(HERE))
                        .collect(Collectors.joining("\n")));
            }
        }

        @Override
        public void flush() {}

        /** The collector and the alarm have threads of their own, which get some time. */
        @Override
        public void close() {
            for (int attempt = 0; attempt < 5; attempt++) {
                System.gc();
                sleep();
            }
            LOGGER.removeHandler(this);
            if (!forgotten.isEmpty()) {
                throw new AssertionError(forgotten.size() + " things were not closed:\n"
                        + String.join("\n", forgotten));
            }
        }

        private static void sleep() {
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
