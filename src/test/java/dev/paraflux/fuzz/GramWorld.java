package dev.paraflux.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.paraflux.device.RowCopies;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** {@link RowCopies} on some buffers, and the same in plain Java. */
final class CopiesWorld implements Fuzz.World {
    private final Rows rows;
    private final List<Copy> known = new ArrayList<>();
    private RowCopies copies = new RowCopies();

    private record Copy(int source, int from, int target, int to) {}

    CopiesWorld(Random random) {
        rows = new Rows(random);
    }

    @Override
    public List<Operation> operations() {
        Operation add = Operation.of("RowCopies.add", this::add, Operation.INDEX,
                Operation.ARGUMENT, Operation.STATE);
        return List.of(add, add, add, add,
                Operation.of("Buffer.close or allocate", rows::toggle),
                Operation.of("RowCopies.clear", random -> clear()),
                Operation.of("RowCopies.copy", random -> copy(), Operation.STATE),
                Operation.of("RowCopies.close", this::renew));
    }

    /** Targets overlap neither each other nor a source; a canary is no target. */
    private void add(Random random) {
        int to = Fuzz.index(random, Rows.ROWS - 1);
        Copy copy = new Copy(Rows.any(random), Fuzz.index(random, Rows.ROWS), Rows.any(random),
                to == Rows.ROWS - 1 ? Rows.ROWS : to);
        if (known.stream().noneMatch(other -> meets(other.target, other.to, copy.target, copy.to)
                || meets(other.target, other.to, copy.source, copy.from)
                || meets(other.source, other.from, copy.target, copy.to))) {
            copies.add(rows.buffer(copy.source), copy.from, rows.buffer(copy.target), copy.to);
            known.add(copy);
        }
    }

    private static boolean meets(int a, int rowOfA, int b, int rowOfB) {
        return a == b && rowOfA == rowOfB;
    }

    private void copy() {
        copies.copy();
        for (Copy copy : known) {
            System.arraycopy(rows.values(copy.source, copy.from), 0, rows.values(copy.target, copy.to), 0,
                    rows.dim(copy.source));
        }
    }

    private void clear() {
        copies.clear();
        known.clear();
    }

    private void renew(Random random) {
        if (random.nextInt(20) == 0) {
            copies.close();
            copies = new RowCopies();
            known.clear();
        }
    }

    @Override
    public void check() {
        assertEquals(known.size(), copies.rows());
        rows.check();
    }

    @Override
    public void close() {
        copies.close();
        rows.close();
    }
}
