package dev.paraflux.model.torch;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;

/** What was made together, and is closed together: what was made last is closed first. */
public final class OwnedPointers implements AutoCloseable {
    private final List<Pointer> owned = new ArrayList<>();

    /** Closes it with the others from now on. */
    public <P extends Pointer> P own(P pointer) {
        owned.add(pointer);
        return pointer;
    }

    @Override
    public void close() {
        for (int k = owned.size() - 1; k >= 0; k--) {
            owned.get(k).close();
        }
        owned.clear();
    }
}
