package dev.paraflux.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.device.Queue;
import dev.paraflux.device.RowProgram;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A {@link RowProgram} and its {@link Queue} on some buffers, and the same in plain Java, to the bit. */
final class ProgramWorld implements Fuzz.World {
    private final Rows rows;
    private final List<Row> known = new ArrayList<>();
    private final RowProgram program = new RowProgram();
    private Queue queue = Device.cpu().queue();
    /** Sums of the rows that ran last, null where none was asked for. */
    private final List<Double> sums = new ArrayList<>();
    private boolean ran;
    private boolean awaited;

    /** A row of a buffer object, which may have been replaced by another since. */
    private record Place(int place, Buffer buffer, int row) {}

    private record Term(double coefficient, Place input) {}

    /** How a sum of a row's values is asked for. */
    private enum Sum {
        SQUARES, TOTAL, COMPARE
    }

    private static final class Row {
        private final Place output;
        private final List<Term> terms = new ArrayList<>();
        private boolean copied;
        private Sum sum;
        private Place before;
        private float seenLow;
        private float seenHigh;
        private Place mask;
        private Place shown;
        private double divisor;
        private double low;
        private double high;

        Row(Place output) {
            this.output = output;
        }
    }

    ProgramWorld(Random random) {
        rows = new Rows(random);
    }

    @Override
    public List<Operation> operations() {
        List<Operation> all = new ArrayList<>(List.of(
                Operation.of("Device.allocate", ProgramWorld::allocate, Operation.ARGUMENT, OutOfMemoryError.class),
                Operation.of("Buffer.close or allocate", rows::toggle),
                Operation.of("Buffer.read", rows::read, Operation.INDEX, Operation.STATE),
                Operation.of("Buffer.write", rows::write, Operation.INDEX, Operation.STATE),
                Operation.of("Buffer.acquire", rows::hold, Operation.STATE),
                Operation.of("Queue.read", random -> rows.read(queue, random), Operation.INDEX, Operation.STATE),
                Operation.of("Queue.write", random -> rows.write(queue, random), Operation.INDEX, Operation.STATE),
                Operation.of("Queue.close", this::renew),
                Operation.of("Queue.run", random -> run(), Operation.STATE),
                Operation.of("Queue.await", random -> await()),
                Operation.of("RowProgram.clear", random -> clear())));
        for (int weight = 0; weight < 3; weight++) {
            all.add(Operation.of("Queue.run", random -> run(), Operation.STATE));
            all.add(Operation.of("Queue.await", random -> await()));
            all.add(Operation.of("RowProgram.sum", this::readSum, Operation.INDEX, Operation.STATE));
            all.add(of("RowProgram.into", this::into));
            all.add(of("RowProgram.row", this::row));
            all.add(of("RowProgram.copy", this::copy));
            all.add(of("RowProgram.plus", this::plus));
            all.add(of("RowProgram.plus", this::plus));
            all.add(of("RowProgram.blend or clamp", this::finish));
            all.add(of("RowProgram.squares, total or compare", this::sum));
        }
        return all;
    }

    private static Operation of(String name, Operation.Call call) {
        return Operation.of(name, call, Operation.INDEX, Operation.ARGUMENT, Operation.STATE);
    }

    private static void allocate(Random random) {
        int count = Fuzz.size(random, 40);
        int dim = Fuzz.size(random, 40);
        try (Buffer buffer = Device.cpu().allocate(count, dim)) {
            assertEquals(4L * count * dim, buffer.bytes());
        }
    }

    /** Any row but a canary. */
    private Place anyOutput(Random random) {
        Place any = any(random);
        return any.row == Rows.ROWS - 1 ? new Place(any.place, any.buffer, Rows.ROWS) : any;
    }

    private Place any(Random random) {
        int place = Rows.any(random);
        return new Place(place, rows.buffer(place), Fuzz.index(random, Rows.ROWS));
    }

    private Row last() {
        return known.isEmpty() ? null : known.get(known.size() - 1);
    }

    private void into(Random random) {
        Place output = anyOutput(random);
        program.into(output.buffer, output.row);
        known.add(new Row(output));
        begun(random);
    }

    private void row(Random random) {
        program.row();
        known.add(new Row(null));
        begun(random);
        if (random.nextInt(20) > 0) {
            sum(random);
        }
    }

    /** Rows without a term are few. */
    private void begun(Random random) {
        if (random.nextInt(20) > 0) {
            plus(random);
        }
    }

    private void copy(Random random) {
        Place from = any(random);
        Place to = anyOutput(random);
        program.copy(from.buffer, from.row, to.buffer, to.row);
        known.add(new Row(to));
        last().copied = true;
        last().terms.add(new Term(1, from));
    }

    private void plus(Random random) {
        Term term = new Term((random.nextInt(7) - 3) * 0.3, any(random));
        program.plus(term.coefficient, term.input.buffer, term.input.row);
        last().terms.add(term);
    }

    private void finish(Random random) {
        if (random.nextBoolean()) {
            Place mask = any(random);
            Place shown = any(random);
            program.blend(mask.buffer, mask.row, shown.buffer, shown.row);
            last().mask = mask;
            last().shown = shown;
        } else {
            double low = random.nextInt(5) - 3;
            double high = random.nextInt(9) - 2;
            double divisor = random.nextInt(8) == 0 ? random.nextInt(2) - 1 : 1 + random.nextInt(4);
            program.clamp(low, high, divisor);
            last().low = low;
            last().high = high;
            last().divisor = divisor;
        }
    }

    private void sum(Random random) {
        Sum wanted = Sum.values()[random.nextInt(3)];
        if (wanted == Sum.SQUARES) {
            program.squares();
        } else if (wanted == Sum.TOTAL) {
            program.total();
        } else {
            Place before = any(random);
            float low = random.nextInt(4) - 2;
            float high = random.nextInt(4) - 1;
            program.compare(before.buffer, before.row, low, high);
            last().before = before;
            last().seenLow = low;
            last().seenHigh = high;
        }
        last().sum = wanted;
        // What was asked for after a run has no sum of it.
        if (known.size() <= sums.size()) {
            sums.subList(known.size() - 1, sums.size()).clear();
        }
    }

    private void clear() {
        program.clear();
        forget();
    }

    private void forget() {
        known.clear();
        sums.clear();
        ran = false;
        awaited = false;
    }

    private void renew(Random random) {
        if (random.nextInt(20) == 0) {
            queue.close();
            for (Runnable use : List.<Runnable>of(queue::await, () -> queue.run(new RowProgram()))) {
                try {
                    use.run();
                    throw new AssertionError("a closed queue was used");
                } catch (IllegalStateException closed) {
                    // As it must be.
                }
            }
            queue = Device.cpu().queue();
            clear();
        }
    }

    private void await() {
        queue.await();
        awaited = true;
    }

    private float[] values(Place place) {
        return rows.values(place.place, place.row);
    }

    private void run() {
        queue.run(program);
        sums.clear();
        known.forEach(row -> sums.add(run(row)));
        ran = true;
        awaited = false;
        rows.check();
        // Made small again, so that values stay finite.
        for (Row row : known) {
            if (row.output != null) {
                float[] output = values(row.output);
                for (int e = 0; e < output.length; e++) {
                    output[e] = Float.isFinite(output[e]) ? output[e] % 5 : 1;
                }
                row.output.buffer.write(row.output.row, output);
            }
        }
    }

    /** Runs a row in plain Java; its sum, or null. */
    private Double run(Row row) {
        int dim = values(row.terms.get(0).input).length;
        double[] summands = new double[dim];
        for (int e = 0; e < dim; e++) {
            double value = combination(row, e);
            summands[e] = row.sum == Sum.SQUARES ? value * value : value;
            if (row.output != null) {
                float stored = stored(row, value, e);
                if (row.sum == Sum.COMPARE) {
                    summands[e] = Math.abs(seen(row, stored) - seen(row, values(row.before)[e]));
                }
                values(row.output)[e] = stored;
            }
        }
        return row.sum == null ? null : inOrder(summands);
    }

    /** Begun with the first product, whose -0 the kernel keeps. */
    private double combination(Row row, int e) {
        double sum = row.terms.get(0).coefficient * values(row.terms.get(0).input)[e];
        for (int k = 1; k < row.terms.size(); k++) {
            sum += row.terms.get(k).coefficient * values(row.terms.get(k).input)[e];
        }
        return sum;
    }

    private float stored(Row row, double value, int e) {
        if (row.copied) {
            return values(row.terms.get(0).input)[e];
        }
        if (row.mask != null) {
            double share = values(row.mask)[e];
            return (float) (share * value + (1 - share) * values(row.shown)[e]);
        }
        if (row.divisor != 0 && Double.isFinite(value)) {
            // Not Math.max, for which -0 is less than 0.
            return (float) ((value < row.low ? row.low : value > row.high ? row.high : value) / row.divisor);
        }
        return (float) value;
    }

    private static double seen(Row row, float value) {
        return Math.min(Math.max(value, row.seenLow), row.seenHigh);
    }

    /** Of fewer values than there are lanes: folded in halves. */
    private static double inOrder(double[] values) {
        double[] lanes = java.util.Arrays.copyOf(values, 256);
        for (int half = 128; half > 0; half /= 2) {
            for (int l = 0; l < half; l++) {
                lanes[l] += lanes[l + half];
            }
        }
        return lanes[0];
    }

    private void readSum(Random random) {
        int row = Fuzz.index(random, sums.size());
        double found = program.sum(row);
        if (!ran || !awaited || row >= sums.size() || sums.get(row) == null) {
            throw new AssertionError("row " + row + " has no sum, but " + found);
        }
        assertEquals(sums.get(row), found, 0, "sum of row " + row);
    }

    @Override
    public void check() {
        assertEquals(known.size(), program.rows());
        rows.check();
    }

    @Override
    public void close() {
        queue.close();
        rows.close();
    }
}
