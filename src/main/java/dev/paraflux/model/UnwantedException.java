package dev.paraflux.model;

/**
 * A denoiser has ended an evaluation early, since nobody waits for the predictions any more: it was asked to by
 * {@link Batch#unwanted}, and is not at fault.
 */
public final class UnwantedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Says so. */
    public UnwantedException() {
        super("the evaluation was ended early, since nobody waits for its predictions any more");
    }
}
