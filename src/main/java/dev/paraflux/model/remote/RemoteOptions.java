package dev.paraflux.model.remote;

import dev.paraflux.check.Require;
import dev.paraflux.model.Batch;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How rows are spread over the replicas of a service.
 *
 * @param workers   addresses, {@code HOST:PORT}, one or more; a name that stands for several addresses stands for a worker
 *                  at each
 * @param chunkRows rows of a request, 1 to {@value Batch#MAX_ROWS}: a call is cut into chunks by this alone, so that the
 *                  bits of a row do not depend on who is there
 * @param inFlight  requests under way for each worker, 1 to 64: from 2 on the next one is there when one is done
 * @param tries     times that a chunk is asked for, all workers together, 2 to 5
 * @param hedge     time after which a chunk is also asked of another worker, above 0; empty for four times what chunks take
 * @param deadline  longest time for a chunk, all tries together, above 0
 * @param patience  longest time without any worker before a call fails, and for finding one at first, above 0
 * @param service   what the service calls the model; empty for the card's name
 * @param sha256    digest of the weights that workers must have, where they tell it, which other servers do not; empty for
 *                  what the first one says
 * @param security  TLS and token
 */
public record RemoteOptions(List<String> workers, int chunkRows, int inFlight, int tries, Optional<Duration> hedge,
        Duration deadline, Duration patience, Optional<String> service, Optional<String> sha256,
        RemoteSecurity security) {
    /** Rows of a request by default. */
    public static final int CHUNK_ROWS = 4;
    private static final String ADDRESS = "HOST:PORT, with a port of 1 to 65535, for example localhost:8001";

    private static final int MOST_IN_FLIGHT = 64;
    /** gRPC hedges no more. */
    private static final int MOST_TRIES = 5;
    private static final Duration DEADLINE = Duration.ofMinutes(5);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Checks the values, and copies the list. */
    public RemoteOptions {
        workers = List.copyOf(workers);
        Require.that(!workers.isEmpty(), "workers", workers, "one or more of " + ADDRESS);
        workers.forEach(RemoteOptions::address);
        Require.that(workers.stream().distinct().count() == workers.size(), "workers", workers,
                "addresses of which none stands there twice");
        Batch.requireRows(chunkRows, "chunkRows");
        Require.between(1, MOST_IN_FLIGHT, "inFlight", inFlight);
        Require.between(2, MOST_TRIES, "tries", tries);
        hedge.ifPresent(time -> requirePositive("hedge", time));
        requirePositive("deadline", deadline);
        requirePositive("patience", patience);
        Objects.requireNonNull(service, "service");
        Objects.requireNonNull(sha256, "sha256");
        Objects.requireNonNull(security, "security");
    }

    /** Of workers, with all else as by default. */
    public static RemoteOptions of(String... workers) {
        return of(List.of(workers));
    }

    /** Likewise. */
    public static RemoteOptions of(List<String> workers) {
        return new RemoteOptions(workers, CHUNK_ROWS, 2, 4, Optional.empty(), DEADLINE, PATIENCE, Optional.empty(),
                Optional.empty(), RemoteSecurity.PLAIN);
    }

    private static void requirePositive(String name, Duration time) {
        Require.that(!time.isNegative() && !time.isZero(), name, time, "above 0");
    }

    /** Where a worker is. */
    static HostPort address(String worker) {
        return HostPort.of("workers", worker, 1, ADDRESS);
    }

    /** The same with other rows of a request. */
    public RemoteOptions withChunkRows(int rows) {
        return new RemoteOptions(workers, rows, inFlight, tries, hedge, deadline, patience, service, sha256, security);
    }

    /** The same with another number of requests under way. */
    public RemoteOptions withInFlight(int requests) {
        return new RemoteOptions(workers, chunkRows, requests, tries, hedge, deadline, patience, service, sha256,
                security);
    }

    /** The same with another number of tries. */
    public RemoteOptions withTries(int number) {
        return new RemoteOptions(workers, chunkRows, inFlight, number, hedge, deadline, patience, service, sha256,
                security);
    }

    /** The same with another time until a chunk is also asked of another worker. */
    public RemoteOptions withHedge(Duration time) {
        return new RemoteOptions(workers, chunkRows, inFlight, tries, Optional.of(time), deadline, patience, service,
                sha256, security);
    }

    /** The same with another longest time for a chunk. */
    public RemoteOptions withDeadline(Duration time) {
        return new RemoteOptions(workers, chunkRows, inFlight, tries, hedge, time, patience, service, sha256, security);
    }

    /** The same with another longest time without any worker. */
    public RemoteOptions withPatience(Duration time) {
        return new RemoteOptions(workers, chunkRows, inFlight, tries, hedge, deadline, time, service, sha256, security);
    }

    /** The same for a service that calls the model otherwise than its card. */
    public RemoteOptions withService(String name) {
        return new RemoteOptions(workers, chunkRows, inFlight, tries, hedge, deadline, patience, Optional.of(name),
                sha256, security);
    }

    /** The same for workers that have these weights, by their SHA-256 as 64 hexadecimal digits. */
    public RemoteOptions withSha256(String digest) {
        return new RemoteOptions(workers, chunkRows, inFlight, tries, hedge, deadline, patience, service,
                Optional.of(digest), security);
    }

    /** The same with other security. */
    public RemoteOptions withSecurity(RemoteSecurity other) {
        return new RemoteOptions(workers, chunkRows, inFlight, tries, hedge, deadline, patience, service, sha256,
                other);
    }
}
