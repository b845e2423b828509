package dev.paraflux.model.onnx;

import java.io.IOException;

/** Bytes that are no message of protocol buffers, or one that is no graph: what is wrong with them, beginning with "it". */
final class BrokenMessage extends IOException {
    private static final long serialVersionUID = 1;

    BrokenMessage(String message, Throwable cause) {
        super(message, cause);
    }

    /** Throws it unless something holds. */
    static void unless(boolean holds, String otherwise) throws BrokenMessage {
        if (!holds) {
            throw new BrokenMessage(otherwise, null);
        }
    }
}
