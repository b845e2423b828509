package dev.paraflux.model.pretrained;

import java.io.IOException;
import java.io.InputStream;

/** Opens a model's weights, from their first byte. */
@FunctionalInterface
public interface WeightsSource {
    /** A new stream, which the caller closes. */
    InputStream open() throws IOException;
}
