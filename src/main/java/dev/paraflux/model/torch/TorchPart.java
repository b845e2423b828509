package dev.paraflux.model.torch;

import dev.paraflux.device.Device;
import java.util.Objects;
import java.util.stream.Stream;

/** The tensors of one part of a call, for any number of rows. One thread at a time uses them, whichever has time. */
final class TorchPart implements AutoCloseable {
    private final ModelCard card;
    private final TorchRows padded;
    /** By the numbers of their sizes. */
    private final TorchBatch[] batches = new TorchBatch[TorchSizes.COUNT];

    TorchPart(ModelCard card) {
        this.card = card;
        padded = new TorchRows(Device.cpu(), card.dim());
    }

    /** The tensors of so many rows, made where they were not met before. */
    TorchBatch batch(int rows) {
        int size = TorchSizes.sizeFor(rows);
        int number = TorchSizes.number(size);
        if (batches[number] == null) {
            padded.reserve(size);
            batches[number] = new TorchBatch(card, padded, size);
        }
        return batches[number];
    }

    @Override
    public void close() {
        Stream.of(batches).filter(Objects::nonNull).forEach(TorchBatch::close);
        padded.close();
    }
}
