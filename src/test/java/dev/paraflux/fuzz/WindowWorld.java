package dev.paraflux.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.GramState;
import dev.paraflux.device.WindowTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A {@link WindowTable} with its {@link GramState} on some buffers, and the same in plain Java. */
final class WindowWorld implements Fuzz.World {
    private static final int CAPACITY = 3;
    private static final int DIM = 16;

    private final Rows rows;
    private final List<Row> known = new ArrayList<>();
    private WindowTable window = new WindowTable(CAPACITY, DIM);
    private GramState grams = new GramState(CAPACITY + 2);
    private double[] squares = new double[0];
    private double[] unrolledSquares = new double[0];
    private int weighted;

    private record Place(int place, Buffer buffer, int row) {}

    private static final class Row {
        private final Place state;
        private final Place residual;
        private final Place map;
        private final List<Place> inputs = new ArrayList<>();
        private final List<Double> coefficients = new ArrayList<>();
        private final List<Place> olds = new ArrayList<>();
        private int parent = -1;
        private int drop = -1;
        private double factor;
        private double dropFactor;

        Row(Place state, Place residual, Place map) {
            this.state = state;
            this.residual = residual;
            this.map = map;
        }
    }

    WindowWorld(Random random) {
        rows = new Rows(random);
    }

    @Override
    public List<Operation> operations() {
        List<Operation> all = new ArrayList<>(List.of(
                Operation.of("new WindowTable", WindowWorld::allocate, Operation.ARGUMENT, OutOfMemoryError.class),
                Operation.of("Buffer.close or allocate", rows::toggle),
                Operation.of("WindowTable.clear", random -> clear()),
                Operation.of("WindowTable.close", this::renew),
                Operation.of("WindowTable.carry", this::carry, Operation.INDEX, Operation.STATE),
                Operation.of("WindowTable.drop", this::drop, Operation.INDEX, Operation.STATE),
                Operation.of("WindowTable.old", this::old, Operation.INDEX, Operation.ARGUMENT, Operation.STATE),
                Operation.of("WindowTable.residuals", this::residuals, Operation.ARGUMENT, Operation.STATE),
                Operation.of("WindowTable.residuals", this::residuals, Operation.ARGUMENT, Operation.STATE),
                Operation.of("WindowTable.meanSquare", this::meanSquare, Operation.INDEX),
                Operation.of("WindowTable.use", this::use, Operation.INDEX, Operation.ARGUMENT, Operation.STATE),
                Operation.of("WindowTable.weights", this::weights, Operation.INDEX, Operation.ARGUMENT,
                        Operation.STATE)));
        for (int weight = 0; weight < 5; weight++) {
            all.add(Operation.of("WindowTable.weight", this::weight, Operation.INDEX));
            all.add(Operation.of("WindowTable.row", this::row, Operation.INDEX, Operation.ARGUMENT, Operation.STATE));
            all.add(Operation.of("WindowTable.plus", this::plus, Operation.INDEX, Operation.ARGUMENT, Operation.STATE));
        }
        return all;
    }

    private static void allocate(Random random) {
        new WindowTable(Fuzz.size(random, 40), Fuzz.size(random, 40)).close();
        new GramState(Fuzz.size(random, 40)).close();
    }

    private Place any(Random random) {
        int place = Rows.any(random);
        return new Place(place, rows.buffer(place), Fuzz.index(random, Rows.ROWS));
    }

    private Place anyOutput(Random random) {
        Place any = any(random);
        return any.row == Rows.ROWS - 1 ? new Place(any.place, any.buffer, Rows.ROWS) : any;
    }

    private boolean stored(Place place) {
        return known.stream().anyMatch(row -> row.residual.equals(place) || row.map.equals(place));
    }

    private boolean touched(Place place) {
        return stored(place) || known.stream().anyMatch(row -> row.state.equals(place) || row.inputs.contains(place)
                || row.olds.contains(place));
    }

    private void row(Random random) {
        Place state = any(random);
        Place residual = anyOutput(random);
        Place map = anyOutput(random);
        if (!residual.equals(map) && !state.equals(residual) && !state.equals(map) && !stored(state)
                && !touched(residual) && !touched(map)) {
            window.row(state.buffer, state.row, residual.buffer, residual.row, map.buffer, map.row);
            known.add(new Row(state, residual, map));
            if (random.nextInt(20) > 0) {
                plus(random);
            }
            if (known.size() > 1 && random.nextBoolean()) {
                carry(random);
                drop(random);
            }
        }
    }

    private Row last() {
        return known.isEmpty() ? null : known.get(known.size() - 1);
    }

    private void plus(Random random) {
        Place input = any(random);
        double coefficient = random.nextInt(7) - 3;
        if (!stored(input)) {
            window.plus(coefficient, input.buffer, input.row);
            last().inputs.add(input);
            last().coefficients.add(coefficient);
        }
    }

    private void carry(Random random) {
        int parent = Fuzz.index(random, known.size() - 1);
        double factor = random.nextInt(3) - 1;
        window.carry(parent, factor);
        last().parent = parent;
        last().factor = factor;
    }

    private void drop(Random random) {
        int row = Fuzz.index(random, known.size() - 1);
        double factor = random.nextInt(3) - 1;
        window.drop(row, factor);
        last().drop = row;
        last().dropFactor = factor;
    }

    private void old(Random random) {
        Place old = any(random);
        if (!stored(old)) {
            window.old(Fuzz.size(random, WindowTable.MAX_HISTORY - 1), old.buffer, old.row);
            last().olds.add(old);
        }
    }

    private void clear() {
        window.clear();
        forget();
    }

    private void forget() {
        known.clear();
        squares = new double[0];
        unrolledSquares = new double[0];
        weighted = 0;
    }

    private void renew(Random random) {
        if (random.nextInt(20) == 0) {
            window.close();
            grams.close();
            for (Runnable use : List.<Runnable>of(window::clear, () -> window.residuals(1), () -> window.carry(0, 1),
                    () -> window.weights(1, 0, grams, 0))) {
                try {
                    use.run();
                    throw new AssertionError("a closed window was used");
                } catch (IllegalStateException closed) {
                    // As it must be.
                }
            }
            window = new WindowTable(CAPACITY, DIM);
            grams = new GramState(CAPACITY + 2);
            forget();
        }
    }

    private void residuals(Random random) {
        residuals(Fuzz.size(random, WindowTable.MAX_HISTORY));
    }

    private void residuals(int history) {
        window.residuals(history);
        int count = known.size();
        double[][] first = new double[count][DIM];
        double[][] unrolled = new double[count][DIM];
        squares = new double[count];
        unrolledSquares = new double[count];
        weighted = 0;
        for (int i = 0; i < count; i++) {
            Row row = known.get(i);
            for (int e = 0; e < DIM; e++) {
                double right = 0;
                for (int k = 0; k < row.inputs.size(); k++) {
                    right += row.coefficients.get(k) * value(row.inputs.get(k), e);
                }
                double brought = (row.parent < 0 ? 0 : row.factor * unrolled[row.parent][e])
                        - (row.drop < 0 ? 0 : row.dropFactor * first[row.drop][e]);
                first[i][e] = right - value(row.state, e);
                unrolled[i][e] = first[i][e] + brought;
                squares[i] += first[i][e] * first[i][e];
                unrolledSquares[i] += unrolled[i][e] * unrolled[i][e];
                requireStored(unrolled[i][e], row.residual, e);
                requireStored(right + brought, row.map, e);
            }
        }
        restore();
    }

    private double value(Place place, int e) {
        return rows.values(place.place, place.row)[e];
    }

    private static void requireStored(double expected, Place place, int e) {
        float[] found = new float[DIM];
        place.buffer.read(place.row, found);
        assertEquals(expected, found[e], 0, "of a row");
    }

    /** Puts back what lay where something was stored, so that values stay small whole numbers. */
    private void restore() {
        for (Row row : known) {
            for (Place place : Arrays.asList(row.residual, row.map)) {
                place.buffer.write(place.row, rows.values(place.place, place.row));
            }
        }
    }

    private void meanSquare(Random random) {
        int row = Fuzz.index(random, CAPACITY);
        assertEquals(known(squares, row, window.meanSquare(row)), window.meanSquare(row));
        assertEquals(known(unrolledSquares, row, 0), window.meanSquareUnrolled(row));
    }

    private static double known(double[] sums, int row, double found) {
        if (row >= sums.length) {
            throw new AssertionError("row " + row + " was not measured and has " + found);
        }
        return sums[row] / DIM;
    }

    private void use(Random random) {
        int iterates = random.nextInt(3) > 0 ? 1 : Fuzz.size(random, WindowTable.MAX_HISTORY);
        window.use(Fuzz.index(random, known.size()), iterates, random.nextBoolean());
    }

    private void weights(Random random) {
        double ridge = random.nextInt(10) == 0 ? Double.NaN : random.nextInt(12) - 1;
        int history = Fuzz.size(random, WindowTable.MAX_HISTORY);
        if (random.nextBoolean()) {
            residuals(history);
            for (int i = 0; i < known.size(); i++) {
                window.use(i, Math.max(1, history - i), random.nextBoolean());
            }
        }
        window.weights(history, ridge, grams, Fuzz.index(random, 3));
        weighted = known.size();
    }

    private void weight(Random random) {
        int row = Fuzz.index(random, CAPACITY);
        double sum = window.weight(row, Fuzz.index(random, WindowTable.MAX_HISTORY));
        if (row >= weighted) {
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
        window.close();
        grams.close();
        rows.close();
    }
}
