package dev.paraflux.model.remote;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Servers of a toy model in this virtual machine. */
final class TestService implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(3);

    final List<ToyBackend> backends = new ArrayList<>();
    private final ModelCard card;
    private final List<PretrainedDenoiser> models = new ArrayList<>();
    private final List<DenoiserServer> servers = new ArrayList<>();

    /** @param millisARow of each server */
    TestService(Path folder, ModelCard card, double... millisARow) {
        this.card = card;
        for (double millis : millisARow) {
            backends.add(new ToyBackend(millis));
            models.add(backends.get(backends.size() - 1).load(folder, card));
            try {
                servers.add(DenoiserServer.start(models.get(models.size() - 1), ServerOptions.LOCAL));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Where they are, and others. */
    List<String> addresses(String... others) {
        List<String> all = new ArrayList<>();
        servers.forEach(server -> all.add("localhost:" + server.port()));
        all.addAll(List.of(others));
        return all;
    }

    RemoteOptions options(String... others) {
        return RemoteOptions.of(addresses(others));
    }

    RemoteDenoiser connect() {
        return connect(options());
    }

    RemoteDenoiser connect(RemoteOptions options) {
        try {
            return RemoteDenoiser.connect(card, options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Refuses to connect, in a sentence that has these words. */
    static void requireRefusal(ModelCard card, RemoteOptions options, String... words) {
        String message = assertThrows(IOException.class,
                () -> RemoteDenoiser.connect(card, options.withPatience(SOON)).close()).getMessage();
        for (String word : List.of(words)) {
            assertTrue(message.contains(word), () -> "'" + word + "' is not in: " + message);
        }
    }

    /** Ends one of them. */
    void end(int server) {
        servers.get(server).close();
    }

    @Override
    public void close() {
        servers.forEach(DenoiserServer::close);
        models.forEach(PretrainedDenoiser::close);
    }
}
