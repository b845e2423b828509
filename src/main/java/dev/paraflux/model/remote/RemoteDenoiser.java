package dev.paraflux.model.remote;

import dev.paraflux.device.Lifetime;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Conditioning;
import dev.paraflux.model.ModelException;
import dev.paraflux.model.ModelIdentity;
import dev.paraflux.model.pretrained.CardConditions;
import dev.paraflux.model.pretrained.CardedDenoiser;
import dev.paraflux.model.pretrained.ModelCard;
import java.io.IOException;

/**
 * A model that other processes or machines evaluate: the replicas of a service that speaks the Open Inference Protocol over
 * gRPC (https://github.com/kserve/open-inference-protocol), such as {@link DenoiserServer}, NVIDIA Triton, KServe and OpenVINO
 * Model Server.
 *
 * <p>A call's rows are cut into chunks of a fixed number of rows, and each chunk goes to the worker that would have done it
 * first, by what is measured. Where all workers calculate alike, the bits of a row depend neither on who evaluates it nor on
 * how many there are; they do on the number of rows of a chunk.
 *
 * <p>A chunk that takes too long, whose worker is lost, or whose answer is of another shape or type or not finite, is asked of
 * another worker, and given up after some tries with a {@link ModelException} that names workers and reasons. The last try's
 * values are taken for the model's own if they are not finite. Workers may come and go between and during calls.
 *
 * <p>Thread-safe: calls run one after another.
 */
public final class RemoteDenoiser implements CardedDenoiser {
    private final ModelCard card;
    private final CardConditions legal;
    private final Lifetime lifetime = new Lifetime("RemoteDenoiser");
    private final RemoteCalls calls;

    private RemoteDenoiser(ModelCard card, RemoteOptions options) throws IOException {
        this.card = card;
        legal = new CardConditions(card);
        calls = new RemoteCalls(card, options, lifetime);
    }

    /**
     * Connects to the workers of a service. Those that cannot be reached now are tried again while others work.
     *
     * @param card what the model takes and answers, and how it was trained; workers must agree
     * @throws IOException           if no worker can be reached, or one serves another model, or refuses; the message says
     *                               which, and why
     * @throws IllegalArgumentException if a worker on another machine would be sent the token without TLS, and nobody has
     *                               said that it may
     * @throws IllegalStateException if gRPC is not on the class path
     */
    public static RemoteDenoiser connect(ModelCard card, RemoteOptions options) throws IOException {
        GrpcLibrary.require();
        Credentials.requireTokenKept(options);
        RemoteDenoiser denoiser = new RemoteDenoiser(card, options);
        try {
            denoiser.calls.connect();
            Workers workers = denoiser.calls.workers();
            if (!workers.refused().isEmpty()) {
                throw new IOException(workers.refused());
            }
            if (workers.ready() == 0) {
                throw new IOException("no worker can be reached: " + workers.troubles());
            }
            denoiser.lifetime.watch();
            return denoiser;
        } catch (RuntimeException | Error | IOException e) {
            denoiser.calls.close();
            throw e;
        }
    }

    @Override
    public ModelCard card() {
        return card;
    }

    @Override
    public String evaluatedBy() {
        return "the service " + calls.service();
    }

    /** How many workers can be sent rows now. */
    public int workers() {
        return calls.workers().ready();
    }

    /** What is wrong with the workers that cannot be sent rows now, in words; empty if nothing is. */
    public String troubles() {
        return calls.workers().troubles();
    }

    /** Of the model that workers say they serve: for {@link DenoiserServer}s what the model there says of itself. */
    @Override
    public ModelIdentity identity() {
        return calls.workers().served().identity(calls.service());
    }

    @Override
    public double rounding(Conditioning conditioning) {
        return calls.workers().served().rounding();
    }

    @Override
    public void requireLegal(Condition condition) {
        legal.requireLegal(condition);
    }

    @Override
    public synchronized void evaluate(Batch rows) {
        lifetime.acquire();
        try {
            rows.acquire(this);
            try {
                for (int i = 0; i < rows.size(); i++) {
                    requireLegal(rows.conditioning(i));
                }
                calls.evaluate(rows);
            } finally {
                rows.release();
            }
        } finally {
            lifetime.release();
        }
    }

    /**
     * Ends the connections. A second call does nothing.
     *
     * @throws IllegalStateException if a call is under way on another thread; they stay open
     */
    @Override
    public void close() {
        if (lifetime.close()) {
            calls.close();
        }
    }

    @Override
    public String toString() {
        return "model " + card.name() + " at " + String.join(", ", calls.options().workers());
    }
}
