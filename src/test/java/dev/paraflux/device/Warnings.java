package dev.paraflux.device;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What the library logs while this is open; it is kept from the console. */
public final class Warnings implements AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger("dev.paraflux");

    private final List<String> messages = new CopyOnWriteArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord message) {
            messages.add(message.getLevel() + " "
                    + java.text.MessageFormat.format(message.getMessage(), message.getParameters()));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    /** Begins to listen. */
    public Warnings() {
        LOGGER.addHandler(handler);
        LOGGER.setUseParentHandlers(false);
    }

    /** The messages that name a thing. */
    public List<String> naming(String name) {
        return messages.stream().filter(message -> message.contains(" " + name + " ")).toList();
    }

    /** Collects garbage until a message names the thing. */
    public List<String> awaitNaming(String name) throws InterruptedException {
        for (int attempt = 0; attempt < 500 && naming(name).isEmpty(); attempt++) {
            System.gc();
            Thread.sleep(10);
        }
        return naming(name);
    }

    @Override
    public void close() {
        LOGGER.removeHandler(handler);
        LOGGER.setUseParentHandlers(true);
    }
}
