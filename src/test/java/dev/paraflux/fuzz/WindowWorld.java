package dev.paraflux.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.device.GramState;
import dev.paraflux.device.Queue;
import dev.paraflux.device.WindowTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A {@link WindowTable} with its {@link GramState} on some buffers, and the same in plain Java. */
final class WindowWorld implements Fuzz.World {
    private static final int GRAMS = 5;
    private static final int DIM = 16;

    private final Rows rows;
    private final PlainWindows known = new PlainWindows();
    private final WindowTable window = new WindowTable();
    private Queue queue = Device.cpu().queue();
    private GramState grams = new GramState(GRAMS);
    private boolean measured;
    private boolean awaited;
    /** Of every row, whether it was told what to use, and whether it was weighed. */
    private final List<Boolean> told = new ArrayList<>();
    private final List<Boolean> weighed = new ArrayList<>();

    WindowWorld(Random random) {
        rows = new Rows(random);
    }

    @Override
    public List<Operation> operations() {
        List<Operation> all = new ArrayList<>(List.of(
                Operation.of("new GramState", WindowWorld::allocate, Operation.ARGUMENT, OutOfMemoryError.class),
                Operation.of("Buffer.close or allocate", rows::toggle),
                Operation.of("WindowTable.clear", random -> {
                    if (random.nextInt(3) == 0) {
                        clear();
                    }
                }),
                Operation.of("Queue.close", this::renew),
                Operation.of("WindowTable.begin", this::begin, Operation.INDEX, Operation.ARGUMENT, Operation.STATE,
                        NullPointerException.class),
                Operation.of("WindowTable.carry", this::carry, Operation.INDEX, Operation.STATE),
                Operation.of("WindowTable.drop", this::drop, Operation.INDEX, Operation.STATE),
                Operation.of("WindowTable.old", this::old, Operation.INDEX, Operation.ARGUMENT, Operation.STATE),
                Operation.of("Queue.measure", random -> measure(), Operation.STATE),
                Operation.of("Queue.measure", random -> measure(), Operation.STATE),
                Operation.of("Queue.await", random -> await()),
                Operation.of("WindowTable.meanSquare", this::meanSquare, Operation.INDEX, Operation.STATE),
                Operation.of("WindowTable.use", this::use, Operation.INDEX, Operation.ARGUMENT, Operation.STATE),
                Operation.of("Queue.weigh", this::weigh, Operation.INDEX, Operation.ARGUMENT, Operation.STATE)));
        for (int weight = 0; weight < 5; weight++) {
            all.add(Operation.of("WindowTable.weight", this::weight, Operation.INDEX, Operation.STATE));
            all.add(Operation.of("WindowTable.row", this::row, Operation.INDEX, Operation.ARGUMENT, Operation.STATE));
            all.add(Operation.of("WindowTable.row", this::row, Operation.INDEX, Operation.ARGUMENT, Operation.STATE));
            all.add(Operation.of("WindowTable.plus", this::plus, Operation.INDEX, Operation.ARGUMENT, Operation.STATE));
        }
        return all;
    }

    private static void allocate(Random random) {
        new GramState(Fuzz.size(random, 40)).close();
    }

    private void begin(Random random) {
        if (known.anyBegun() && known.inLast() < 2 && random.nextInt(8) > 0) {
            return;
        }
        double ridge = random.nextInt(10) == 0 ? Double.NaN : random.nextInt(12) - 1;
        int history = Fuzz.size(random, WindowTable.MAX_HISTORY);
        int first = window.begin(history, ridge, random.nextInt(8) == 0 ? null : grams, Fuzz.index(random, GRAMS));
        assertEquals(known.size(), first);
        known.begin(history);
    }

    private void row(Random random) {
        PlainRow.Place state = rows.anyPlace(random);
        PlainRow.Place residual = rows.anyOutput(random);
        PlainRow.Place map = rows.anyOutput(random);
        // The first row decides how long the others must be.
        boolean fits = known.size() > 0 || rows.dim(state.place()) == DIM;
        if (fits && !residual.equals(map) && !state.equals(residual) && !state.equals(map) && !known.stored(state)
                && !known.touched(residual) && !known.touched(map)) {
            window.row(state.buffer(), state.row(), residual.buffer(), residual.row(), map.buffer(), map.row());
            known.add(new PlainWindowRow(state, residual, map));
            told.add(false);
            weighed.add(false);
            if (random.nextInt(20) > 0) {
                plus(random);
            }
            if (known.inLast() > 1 && random.nextBoolean()) {
                carry(random);
                drop(random);
            }
        }
    }

    private void plus(Random random) {
        PlainRow.Place input = rows.anyPlace(random);
        double coefficient = random.nextInt(7) - 3;
        if (!known.stored(input)) {
            window.plus(coefficient, input.buffer(), input.row());
            known.last().inputs.add(input);
            known.last().coefficients.add(coefficient);
        }
    }

    private void carry(Random random) {
        int parent = Fuzz.index(random, known.inLast() - 1);
        double factor = random.nextInt(3) - 1;
        window.carry(parent, factor);
        known.last().parent = parent;
        known.last().factor = factor;
    }

    private void drop(Random random) {
        int row = Fuzz.index(random, known.inLast() - 1);
        double factor = random.nextInt(3) - 1;
        window.drop(row, factor);
        known.last().drop = row;
        known.last().dropFactor = factor;
    }

    private void old(Random random) {
        PlainRow.Place old = rows.anyPlace(random);
        if (!known.stored(old)) {
            window.old(Fuzz.size(random, WindowTable.MAX_HISTORY - 1), old.buffer(), old.row());
            known.last().olds.add(old);
        }
    }

    private void clear() {
        window.clear();
        forget();
    }

    private void forget() {
        known.clear();
        told.clear();
        weighed.clear();
        measured = false;
    }

    private void renew(Random random) {
        if (random.nextInt(20) == 0) {
            queue.close();
            grams.close();
            for (Runnable use : List.<Runnable>of(() -> queue.measure(new WindowTable()), queue::await)) {
                try {
                    use.run();
                    throw new AssertionError("a closed queue was used");
                } catch (IllegalStateException closed) {
                    // As it must be.
                }
            }
            queue = Device.cpu().queue();
            grams = new GramState(GRAMS);
            clear();
        }
    }

    private void await() {
        queue.await();
        awaited = true;
    }

    private void measure() {
        queue.measure(window);
        known.measure(rows, DIM);
        measured = true;
        awaited = false;
        weighed.replaceAll(any -> false);
    }

    private void meanSquare(Random random) {
        int row = Fuzz.index(random, known.measured());
        double found = window.meanSquare(row);
        if (row >= known.measured() || !measured || !awaited) {
            throw new AssertionError("row " + row + " was not measured and has " + found);
        }
        assertEquals(known.square(row) / DIM, found);
        assertEquals(known.unrolledSquare(row) / DIM, window.meanSquareUnrolled(row));
    }

    private void use(Random random) {
        int iterates = random.nextInt(3) > 0 ? 1 : Fuzz.size(random, WindowTable.MAX_HISTORY);
        int row = Fuzz.index(random, known.size());
        window.use(row, iterates, random.nextBoolean());
        told.set(row, true);
    }

    private void weigh(Random random) {
        if (random.nextBoolean()) {
            measure();
            await();
            for (int i = 0; i < known.size(); i++) {
                int first = known.firstOf(i);
                if (first % 4 < 3) {
                    window.use(i, Math.max(1, known.historyOf(i) - (i - first)), random.nextBoolean());
                    told.set(i, true);
                }
            }
        }
        queue.weigh(window);
        for (int i = 0; i < known.size(); i++) {
            weighed.set(i, told.get(i));
        }
    }

    private void weight(Random random) {
        int row = Fuzz.index(random, known.size());
        double sum = window.weight(row, Fuzz.index(random, WindowTable.MAX_HISTORY));
        if (!weighed.get(row)) {
            throw new AssertionError("row " + row + " has no weights, but " + sum);
        }
        boolean accelerated = window.outcome(row) == WindowTable.Outcome.ACCELERATED;
        assertEquals(1, accelerated ? 1 : window.weight(row, 0), "the plain update is the map itself");
    }

    @Override
    public void check() {
        assertEquals(known.size(), window.rows());
        rows.check();
    }

    @Override
    public void close() {
        queue.close();
        grams.close();
        rows.close();
    }
}
