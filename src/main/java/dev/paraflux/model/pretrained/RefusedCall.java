package dev.paraflux.model.pretrained;

import dev.paraflux.model.ModelException;

/**
 * A runtime did not take a call's arguments, or answered something that is no prediction. While a model is loaded this means
 * that it is not what its card says; afterwards, that it failed.
 */
public final class RefusedCall extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean answered;

    private RefusedCall(String message, boolean answered, RuntimeException told) {
        super(message);
        this.answered = answered;
        if (told != null) {
            addSuppressed(told);
        }
    }

    /**
     * It failed.
     *
     * @param words the runtime's own, in one sentence
     * @param told  what it said at length, for developers
     */
    public static RefusedCall failed(String words, RuntimeException told) {
        return new RefusedCall(words, false, told);
    }

    /** It answered something else than a prediction: what, and what it must answer. */
    public static RefusedCall answered(String words) {
        return new RefusedCall(words, true, null);
    }

    /** Whether it answered, and not as it must. */
    boolean isOfAnswer() {
        return answered;
    }

    /** The same as the failure of a model. */
    ModelException of(String model) {
        ModelException failure = new ModelException(model + (answered ? ": " : " fails: ") + getMessage());
        for (Throwable told : getSuppressed()) {
            failure.addSuppressed(told);
        }
        return failure;
    }
}
