package dev.paraflux.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.device.RowTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A {@link RowTable} on some buffers, and the same in plain Java. */
final class TableWorld implements Fuzz.World {

    private final Rows rows;
    private final List<Row> known = new ArrayList<>();
    private RowTable table = new RowTable();
    private double[] sums = new double[0];
    private String sumsOf = "";
    private int size;
    /** Whether the rows that are begun are stored, as they all must be for an update. */
    private boolean storing = true;

    /** A term names a buffer object, which may have been replaced by another since. */
    private record Term(double coefficient, int place, Buffer buffer, int row) {}

    private static final class Row {
        private final Term output;
        private final List<Term> terms = new ArrayList<>();
        private Term before;

        Row(Term output) {
            this.output = output;
        }
    }

    TableWorld(Random random) {
        rows = new Rows(random);
    }

    @Override
    public List<Operation> operations() {
        List<Operation> all = new ArrayList<>(List.of(
                Operation.of("Device.allocate", TableWorld::allocate, Operation.ARGUMENT, OutOfMemoryError.class),
                Operation.of("Buffer.close or allocate", rows::toggle),
                Operation.of("Buffer.read", rows::read, Operation.INDEX, Operation.STATE),
                Operation.of("Buffer.write", rows::write, Operation.INDEX, Operation.STATE),
                Operation.of("Buffer.acquire", rows::hold, Operation.STATE),
                Operation.of("RowTable.clear", this::clear),
                Operation.of("RowTable.clear", this::clear),
                Operation.of("RowTable.close", this::renew),
                Operation.of("RowTable.against", this::against, Operation.INDEX, Operation.ARGUMENT, Operation.STATE),
                Operation.of("RowTable.update", this::update, Operation.STATE),
                Operation.of("RowTable.norms", this::norms, Operation.STATE),
                Operation.of("RowTable.updateAndCompare", this::compare, Operation.ARGUMENT, Operation.STATE),
                Operation.of("RowTable.gram", this::gram, Operation.ARGUMENT, Operation.STATE),
                Operation.of("RowTable.sum", this::readSum, Operation.INDEX, Operation.STATE)));
        for (int weight = 0; weight < 6; weight++) {
            all.add(Operation.of("RowTable.into", this::into, Operation.INDEX, Operation.ARGUMENT, Operation.STATE));
            all.add(Operation.of("RowTable.row", this::row, Operation.INDEX, Operation.ARGUMENT, Operation.STATE));
            all.add(Operation.of("RowTable.plus", this::plus, Operation.INDEX, Operation.ARGUMENT, Operation.STATE));
            all.add(Operation.of("RowTable.plus", this::plus, Operation.INDEX, Operation.ARGUMENT, Operation.STATE));
        }
        return all;
    }

    private static void allocate(Random random) {
        int count = Fuzz.size(random, 40);
        int dim = Fuzz.size(random, 40);
        try (Buffer buffer = Device.cpu().allocate(count, dim)) {
            assertEquals(4L * count * dim, buffer.bytes());
        }
    }

    /** Any row but a canary. */
    private Term anyOutput(Random random) {
        int place = Rows.any(random);
        int row = Fuzz.index(random, Rows.ROWS - 1);
        return new Term(0, place, rows.buffer(place), row == Rows.ROWS - 1 ? Rows.ROWS : row);
    }

    private Term any(Random random) {
        int place = Rows.any(random);
        return new Term(random.nextInt(7) - 3, place, rows.buffer(place), Fuzz.index(random, Rows.ROWS));
    }

    /** Whether another row of the table has to do with a row: such calls are legal, but what they compute is not said. */
    private boolean touched(Term row, Row but, boolean storedOnly) {
        for (Row other : known) {
            if (other == but) {
                continue;
            }
            if (same(other.output, row) || !storedOnly && (same(other.before, row)
                    || other.terms.stream().anyMatch(term -> same(term, row)))) {
                return true;
            }
        }
        return false;
    }

    private static boolean same(Term a, Term b) {
        return a != null && b != null && a.buffer == b.buffer && a.row == b.row;
    }

    private void into(Random random) {
        Term output = anyOutput(random);
        if ((storing || random.nextInt(50) == 0) && !touched(output, null, false)) {
            table.into(output.buffer, output.row);
            known.add(new Row(output));
            begun(random);
        }
    }

    private void row(Random random) {
        if (!storing || random.nextInt(50) == 0) {
            table.row();
            known.add(new Row(null));
            begun(random);
        }
    }

    /** Rows without a term, or without one to compare with, are few. */
    private void begun(Random random) {
        if (random.nextInt(20) > 0) {
            plus(random);
        }
        if (storing && random.nextInt(20) > 0) {
            against(random);
        }
    }

    private void plus(Random random) {
        Term term = any(random);
        Row last = known.isEmpty() ? null : known.get(known.size() - 1);
        if (!touched(term, last, true)) {
            table.plus(term.coefficient, term.buffer, term.row);
            last.terms.add(term);
        }
    }

    private void against(Random random) {
        Term before = any(random);
        Row last = known.isEmpty() ? null : known.get(known.size() - 1);
        if (!touched(before, last, true)) {
            table.against(before.buffer, before.row);
            last.before = before;
        }
    }

    private void clear(Random random) {
        table.clear();
        forget();
        storing = random.nextBoolean();
    }

    private void forget() {
        known.clear();
        sumsOf = "";
    }

    private void renew(Random random) {
        if (random.nextInt(20) == 0) {
            table.close();
            for (Runnable use : List.<Runnable>of(table::clear, table::row, table::norms)) {
                try {
                    use.run();
                    throw new AssertionError("a closed table was used");
                } catch (IllegalStateException closed) {
                    // As it must be.
                }
            }
            table = new RowTable();
            forget();
        }
    }

    private float[] row(Term term) {
        return rows.values(term.place, term.row);
    }

    private double[] combination(Row row) {
        double[] result = new double[rows.dim(row.terms.get(0).place)];
        java.util.Arrays.setAll(result, e -> exact(row, e));
        return result;
    }

    /** Whole numbers, so that sums are exact in any order; they are made small again, so that they stay so. */
    private void store() {
        for (Row row : known) {
            float[] output = row(row.output);
            for (int e = 0; e < output.length; e++) {
                output[e] = (float) exact(row, e);
            }
        }
        rows.check();
        for (Row row : known) {
            float[] output = row(row.output);
            for (int e = 0; e < output.length; e++) {
                output[e] = output[e] % 5;
            }
            row.output.buffer.write(row.output.row, output);
        }
    }

    /** Begun with the first product, whose -0 the kernel keeps. */
    private double exact(Row row, int e) {
        double sum = row.terms.get(0).coefficient * row(row.terms.get(0))[e];
        for (int k = 1; k < row.terms.size(); k++) {
            sum += row.terms.get(k).coefficient * row(row.terms.get(k))[e];
        }
        return sum;
    }

    private void update(Random random) {
        table.update();
        store();
    }

    private void norms(Random random) {
        table.norms();
        sums = known.stream().mapToDouble(row -> product(row, row)).toArray();
        sumsOf = "norms";
    }

    private double product(Row a, Row b) {
        double[] left = combination(a);
        double[] right = combination(b);
        double sum = 0;
        for (int e = 0; e < left.length; e++) {
            sum += left[e] * right[e];
        }
        return sum;
    }

    private void compare(Random random) {
        float low = random.nextInt(4) - 2;
        float high = random.nextInt(4) - 2;
        double[] changes = new double[known.size()];
        boolean whole = known.stream()
                .allMatch(row -> !row.terms.isEmpty() && row.before != null && row.output != null);
        for (int r = 0; whole && r < changes.length; r++) {
            double[] after = combination(known.get(r));
            for (int e = 0; e < after.length; e++) {
                changes[r] += Math.abs(cut(after[e], low, high) - cut(row(known.get(r).before)[e], low, high));
            }
        }
        table.updateAndCompare(low, high);
        sums = changes;
        sumsOf = "change";
        store();
    }

    private static double cut(double value, float low, float high) {
        return Math.min(high, Math.max(low, value));
    }

    private void gram(Random random) {
        int of = Fuzz.size(random, RowTable.MAX_GRAM);
        table.gram(of);
        size = of;
        int groups = known.size() / size;
        sums = new double[groups * size * size];
        for (int i = 0; i < sums.length; i++) {
            int group = i / (size * size);
            sums[i] = product(known.get(group * size + i / size % size), known.get(group * size + i % size));
        }
        sumsOf = "gram";
    }

    private void readSum(Random random) {
        int row = Fuzz.index(random, known.size());
        switch (random.nextInt(3)) {
            case 0 -> assertSum("norms", row, table.sum(row));
            case 1 -> assertSum("change", row, table.change(row));
            default -> {
                int a = Fuzz.index(random, RowTable.MAX_GRAM);
                int b = Fuzz.index(random, RowTable.MAX_GRAM);
                double found = table.inner(row, a, b);
                assertSum("gram", (row * size + a) * size + b, found);
            }
        }
    }

    private void assertSum(String what, int at, double found) {
        assertEquals(what, sumsOf, "sums that were not computed last");
        assertEquals(sums[at], found, what);
    }

    @Override
    public void check() {
        assertEquals(known.size(), table.rows());
        rows.check();
    }

    @Override
    public void close() {
        table.close();
        rows.close();
    }
}
