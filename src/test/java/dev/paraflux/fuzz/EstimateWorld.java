package dev.paraflux.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.paraflux.device.Device;
import dev.paraflux.device.Estimates;
import dev.paraflux.device.Queue;
import dev.paraflux.device.WindowTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The {@link Estimates} of a {@link WindowTable} on some buffers, and the same in plain Java. */
final class EstimateWorld implements Fuzz.World {
    private static final int DIM = 16;

    private final Rows rows;
    private final PlainEstimates known = new PlainEstimates();
    private final WindowTable table = new WindowTable();
    private final Estimates estimates = table.estimates();
    private final Queue queue = Device.cpu().queue();
    private boolean measured;
    private boolean awaited;

    EstimateWorld(Random random) {
        rows = new Rows(random);
    }

    @Override
    public List<Operation> operations() {
        List<Operation> all = new ArrayList<>(List.of(
                Operation.of("Buffer.close or allocate", rows::toggle),
                Operation.of("WindowTable.clear", this::clear),
                Operation.of("WindowTable.truncate", this::truncate, Operation.INDEX),
                Operation.of("WindowTable.begin", this::begin, Operation.INDEX, Operation.ARGUMENT, Operation.STATE),
                Operation.of("Queue.await", random -> await())));
        for (int weight = 0; weight < 4; weight++) {
            all.add(Operation.of("Estimates.node", this::node, Operation.INDEX, Operation.ARGUMENT, Operation.STATE));
            all.add(Operation.of("Estimates.between", this::between, Operation.INDEX, Operation.ARGUMENT,
                    Operation.STATE));
            all.add(Operation.of("WindowTable.row and plusEstimate", this::row, Operation.INDEX, Operation.ARGUMENT,
                    Operation.STATE));
            all.add(Operation.of("Estimates.known", this::known, Operation.INDEX, Operation.ARGUMENT, Operation.STATE));
            all.add(Operation.of("Estimates.linear", this::linear, Operation.STATE));
            all.add(Operation.of("Estimates.share", this::share, Operation.ARGUMENT, Operation.STATE));
            all.add(Operation.of("Estimates.meanSquareChange", random -> number(random, 0), Operation.INDEX,
                    Operation.ARGUMENT, Operation.STATE));
            all.add(Operation.of("Estimates.meanSquareError", random -> number(random, 1), Operation.INDEX,
                    Operation.ARGUMENT, Operation.STATE));
            all.add(Operation.of("Queue.measure", this::measure, Operation.INDEX, Operation.ARGUMENT, Operation.STATE));
        }
        return all;
    }

    /** The first row decides how long the others must be. */
    private boolean fits(PlainRow.Place place) {
        return known.size() > 0 || known.rows() > 0 || rows.dim(place.place()) == DIM;
    }

    private void begin(Random random) {
        PlainEstimates.Window last = known.last();
        boolean complete = last == null || !last.estimates().isEmpty() && last.isLegal();
        if (known.windows.size() < 3 && (complete || random.nextInt(8) == 0)) {
            assertEquals(known.rows(), table.begin(1, 0, null, 0));
            known.windows.add(new PlainEstimates.Window(known.size(), new ArrayList<>(), new ArrayList<>()));
            // There are few rows, which estimates alone would use up.
            complete(random);
        }
    }

    /** Tries to make the last window one that can be measured. */
    private void complete(Random random) {
        PlainEstimates.Window last = known.last();
        for (int attempt = 0; attempt < 8 && (last.estimates().isEmpty() || !last.isLegal()); attempt++) {
            if (last.estimates().isEmpty() || !latest().isNode()) {
                node(random);
            }
            if (last.rows().isEmpty()) {
                row(random);
            }
        }
    }

    private void node(Random random) {
        PlainRow.Place state = rows.anyPlace(random);
        PlainRow.Place output = rows.anyPlace(random);
        PlainRow.Place after = rows.anyOutput(random);
        if (fits(state) && !known.stored(state) && !known.stored(output) && !known.touched(after)
                && !after.equals(state) && !after.equals(output)) {
            int at = estimates.node(state.buffer(), state.row(), output.buffer(), output.row(), after.buffer(),
                    after.row());
            add(at, new PlainEstimate(state, output, after), random);
        }
    }

    private void between(Random random) {
        PlainRow.Place state = rows.anyPlace(random);
        PlainRow.Place after = rows.anyOutput(random);
        if (fits(state) && !known.stored(state) && !known.touched(after) && !after.equals(state)) {
            add(estimates.between(state.buffer(), state.row(), after.buffer(), after.row()),
                    new PlainEstimate(state, null, after), random);
        }
    }

    private void add(int at, PlainEstimate estimate, Random random) {
        assertEquals(known.size(), at);
        known.last().estimates().add(estimate);
        linear(random);
    }

    private PlainEstimate latest() {
        PlainEstimates.Window window = known.last();
        return window.estimates().get(window.estimates().size() - 1);
    }

    private void known(Random random) {
        if (known.last() == null || known.last().estimates().isEmpty() || random.nextInt(8) == 0) {
            PlainRow.Place place = rows.anyPlace(random);
            if (!known.stored(place)) {
                estimates.known(place.buffer(), place.row());
                latest().known = place;
            }
        } else {
            PlainRow.Place after = latest().after;
            estimates.known(after.buffer(), after.row());
            latest().known = after;
        }
    }

    private void linear(Random random) {
        double ofState = random.nextInt(5) - 2;
        double ofOther = random.nextInt(5) - 2;
        estimates.linear(ofState, ofOther);
        latest().ofState = ofState;
        latest().ofOther = ofOther;
    }

    private void share(Random random) {
        double share = (random.nextInt(7) - 1) / 4.0;
        estimates.share(share);
        latest().share = share;
    }

    private void row(Random random) {
        PlainEstimates.Window window = known.last();
        PlainRow.Place state = rows.anyPlace(random);
        PlainRow.Place residual = rows.anyOutput(random);
        PlainRow.Place map = rows.anyOutput(random);
        if (!fits(state) || known.stored(state) || known.touched(residual) || known.touched(map)
                || residual.equals(map) || residual.equals(state) || map.equals(state)
                || window != null && window.estimates().isEmpty()) {
            return;
        }
        table.row(state.buffer(), state.row(), residual.buffer(), residual.row(), map.buffer(), map.row());
        int estimate = window.first() + random.nextInt(window.estimates().size());
        double coefficient = random.nextInt(7) - 3;
        int wrong = random.nextBoolean() ? window.first() - 1 : known.size();
        try {
            table.plusEstimate(coefficient, wrong);
            throw new AssertionError("estimate " + wrong + " is none of the window");
        } catch (IndexOutOfBoundsException refused) {
            table.plusEstimate(coefficient, estimate);
        }
        window.rows().add(new PlainEstimates.Row(state, residual, map, coefficient, estimate - window.first()));
    }

    private void measure(Random random) {
        PlainEstimates.Window last = known.last();
        if (last != null && !last.isLegal() && random.nextInt(4) > 0) {
            complete(random);
        }
        queue.measure(table);
        if (!known.windows.stream().allMatch(PlainEstimates.Window::isLegal)) {
            throw new AssertionError("a window without a first or a last node, or without a row, was measured");
        }
        known.measure(rows, DIM);
        measured = true;
        awaited = false;
        if (random.nextBoolean()) {
            await();
        }
    }

    private void await() {
        queue.await();
        awaited = true;
    }

    private void number(Random random, int which) {
        int estimate = Fuzz.index(random, known.measured());
        double found = which == 0 ? estimates.meanSquareChange(estimate) : estimates.meanSquareError(estimate);
        if (!measured || !awaited || estimate >= known.measured() || known.increments(estimate) == null) {
            throw new AssertionError("estimate " + estimate + " was not measured and has " + found);
        }
        assertEquals(known.increments(estimate)[which] / DIM, found);
    }

    private void truncate(Random random) {
        int windows = random.nextInt(4) > 0 ? -1 : Fuzz.index(random, known.windows.size() + 1);
        table.truncate(windows);
        known.truncate(windows);
    }

    private void clear(Random random) {
        if (random.nextInt(6) == 0) {
            table.clear();
            known.clear();
            measured = false;
        }
    }

    @Override
    public void check() {
        assertEquals(known.size(), estimates.size());
        assertEquals(known.rows(), table.rows());
        rows.check();
    }

    @Override
    public void close() {
        queue.close();
        rows.close();
    }
}
