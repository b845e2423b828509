package dev.paraflux.method.core;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** A decoder that records what it is given. */
final class TestDecoder implements Decoder {
    final List<float[]> latents = new ArrayList<>();
    private final int pictureDim;
    private final boolean records;
    private final BiConsumer<float[], float[]> decoding;

    TestDecoder(int pictureDim, BiConsumer<float[], float[]> decoding) {
        this(pictureDim, true, decoding);
    }

    private TestDecoder(int pictureDim, boolean records, BiConsumer<float[], float[]> decoding) {
        this.pictureDim = pictureDim;
        this.records = records;
        this.decoding = decoding;
    }

    /** Keeps nothing. */
    static TestDecoder unrecorded(int pictureDim, BiConsumer<float[], float[]> decoding) {
        return new TestDecoder(pictureDim, false, decoding);
    }

    /** The picture is the latent. */
    static TestDecoder identity(int dim) {
        return new TestDecoder(dim, (latent, picture) -> System.arraycopy(latent, 0, picture, 0, dim));
    }

    @Override
    public int pictureDim() {
        return pictureDim;
    }

    @Override
    public void decode(float[] latent, float[] picture) {
        if (records) {
            latents.add(latent.clone());
        }
        decoding.accept(latent, picture);
    }
}
