package dev.paraflux.model;

import java.util.Objects;

/**
 * A model failed while it was evaluated: the fault lies in its file, or in what it was given, and not in the library. The
 * message is one sentence, with the model's own words; what its runtime said at length is a suppressed exception.
 */
public final class ModelException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    /** @param message one sentence, for a user */
    public ModelException(String message) {
        super(Objects.requireNonNull(message, "message"));
    }
}
