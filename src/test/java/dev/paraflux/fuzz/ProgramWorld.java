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
    private final List<PlainRow> known = new ArrayList<>();
    private final RowProgram program = new RowProgram();
    private Queue queue = Device.cpu().queue();
    /** Sums of the rows that ran last, null where none was asked for. */
    private final List<Double> sums = new ArrayList<>();
    private boolean ran;
    private boolean awaited;

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

    private PlainRow last() {
        return known.isEmpty() ? null : known.get(known.size() - 1);
    }

    private void into(Random random) {
        PlainRow.Place output = rows.anyOutput(random);
        program.into(output.buffer(), output.row());
        known.add(new PlainRow(output));
        begun(random);
    }

    private void row(Random random) {
        program.row();
        known.add(new PlainRow(null));
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
        PlainRow.Place from = rows.anyPlace(random);
        PlainRow.Place to = rows.anyOutput(random);
        program.copy(from.buffer(), from.row(), to.buffer(), to.row());
        known.add(new PlainRow(to));
        last().copied = true;
        last().terms.add(new PlainRow.Term(1, from));
    }

    private void plus(Random random) {
        PlainRow.Term term = new PlainRow.Term((random.nextInt(7) - 3) * 0.3, rows.anyPlace(random));
        program.plus(term.coefficient(), term.input().buffer(), term.input().row());
        last().terms.add(term);
    }

    private void finish(Random random) {
        if (random.nextBoolean()) {
            PlainRow.Place mask = rows.anyPlace(random);
            PlainRow.Place shown = rows.anyPlace(random);
            program.blend(mask.buffer(), mask.row(), shown.buffer(), shown.row());
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
        PlainRow.Sum wanted = PlainRow.Sum.values()[random.nextInt(3)];
        if (wanted == PlainRow.Sum.SQUARES) {
            program.squares();
        } else if (wanted == PlainRow.Sum.TOTAL) {
            program.total();
        } else {
            PlainRow.Place before = rows.anyPlace(random);
            float low = random.nextInt(4) - 2;
            float high = random.nextInt(4) - 1;
            program.compare(before.buffer(), before.row(), low, high);
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

    private void run() {
        queue.run(program);
        sums.clear();
        known.forEach(row -> sums.add(row.run(rows)));
        ran = true;
        awaited = false;
        rows.check();
        // Made small again, so that values stay finite.
        for (PlainRow row : known) {
            if (row.output != null) {
                float[] output = row.output.values(rows);
                for (int e = 0; e < output.length; e++) {
                    output[e] = Float.isFinite(output[e]) ? output[e] % 5 : 1;
                }
                row.output.buffer().write(row.output.row(), output);
            }
        }
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
