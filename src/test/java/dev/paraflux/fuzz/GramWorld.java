package dev.paraflux.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.device.GramTable;
import dev.paraflux.device.Queue;
import dev.paraflux.device.RowQuantiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A {@link GramTable} and {@link RowQuantiles} on some buffers, and the same in plain Java. */
final class GramWorld implements Fuzz.World {
    private final Rows rows;
    private final Queue queue = Device.cpu().queue();
    private final GramTable table = new GramTable();
    private final RowQuantiles quantiles = new RowQuantiles();
    private final List<List<Term>> known = new ArrayList<>();
    private final List<Asked> asked = new ArrayList<>();
    private int groups;
    private int size;
    private int computedSize;
    private double[] products;
    private double[] values;
    private boolean productsAreThere;
    private boolean valuesAreThere;

    /** A term names a buffer object, which may have been replaced by another since. */
    private record Term(double coefficient, int place, Buffer buffer, int row) {}

    private record Asked(int place, int row, double share) {}

    GramWorld(Random random) {
        rows = new Rows(random);
    }

    @Override
    public List<Operation> operations() {
        List<Operation> all = new ArrayList<>(List.of(
                Operation.of("Buffer.close or allocate", rows::toggle),
                Operation.of("Buffer.write", rows::write, Operation.INDEX, Operation.STATE),
                Operation.of("GramTable.clear", this::clear),
                Operation.of("RowQuantiles.clear", random -> clearQuantiles()),
                Operation.of("Queue.gram", this::gram, Operation.INDEX, Operation.ARGUMENT, Operation.STATE),
                Operation.of("Queue.gram", this::gram, Operation.INDEX, Operation.ARGUMENT, Operation.STATE),
                Operation.of("Queue.quantiles", random -> find(), Operation.STATE),
                Operation.of("Queue.await", random -> await()),
                Operation.of("Queue.await", random -> await()),
                Operation.of("GramTable.inner", this::inner, Operation.INDEX, Operation.STATE),
                Operation.of("GramTable.inner", this::inner, Operation.INDEX, Operation.STATE),
                Operation.of("GramTable.inner", this::inner, Operation.INDEX, Operation.STATE),
                Operation.of("RowQuantiles.value", this::value, Operation.INDEX, Operation.STATE),
                Operation.of("RowQuantiles.add", this::add, Operation.INDEX, Operation.ARGUMENT, Operation.STATE)));
        for (int weight = 0; weight < 4; weight++) {
            all.add(Operation.of("GramTable.group", this::group, Operation.ARGUMENT, Operation.STATE));
            all.add(Operation.of("GramTable.row", this::row, Operation.INDEX, Operation.ARGUMENT, Operation.STATE));
            all.add(Operation.of("GramTable.row", this::row, Operation.INDEX, Operation.ARGUMENT, Operation.STATE));
            all.add(Operation.of("GramTable.plus", this::plus, Operation.INDEX, Operation.ARGUMENT, Operation.STATE));
        }
        return all;
    }

    private void group(Random random) {
        int of = size > 0 && random.nextInt(10) > 0 ? size : Fuzz.size(random, GramTable.MAX_GRAM);
        assertEquals(groups, table.group(of));
        groups++;
        size = of;
    }

    /** Rows without a term are few. */
    private void row(Random random) {
        table.row();
        known.add(new ArrayList<>());
        if (random.nextInt(20) > 0) {
            plus(random);
        }
    }

    private void plus(Random random) {
        int place = Rows.any(random);
        Term term = new Term((random.nextInt(7) - 3) * 0.3, place, rows.buffer(place), Fuzz.index(random, Rows.ROWS));
        table.plus(term.coefficient, term.buffer, term.row);
        known.get(known.size() - 1).add(term);
    }

    private void add(Random random) {
        int place = Rows.any(random);
        int row = Fuzz.index(random, Rows.ROWS);
        double share = random.nextInt(10) == 0 ? 1.5 : random.nextInt(9) / 8.0;
        assertEquals(asked.size(), quantiles.add(rows.buffer(place), row, share));
        asked.add(new Asked(place, row, share));
    }

    private void clear(Random random) {
        if (random.nextInt(4) > 0) {
            return;
        }
        table.clear();
        known.clear();
        groups = 0;
        size = 0;
        products = null;
        productsAreThere = false;
    }

    private void clearQuantiles() {
        quantiles.clear();
        asked.clear();
        values = null;
        valuesAreThere = false;
    }

    private void await() {
        queue.await();
        productsAreThere = products != null;
        valuesAreThere = values != null;
    }

    private void gram(Random random) {
        boolean completes = random.nextInt(3) > 0;
        while (completes && known.size() < groups * size) {
            row(random);
        }
        queue.gram(table);
        computedSize = size;
        products = new double[known.size() * size];
        for (int i = 0; i < products.length; i++) {
            products[i] = product(known.get(i / size), known.get(i / size / size * size + i % size));
        }
        productsAreThere = false;
    }

    /** In the order of the kernel, for as few values as there are here. */
    private double product(List<Term> a, List<Term> b) {
        double[] lanes = new double[8];
        for (int e = 0; e < rows.dim(a.get(0).place); e++) {
            lanes[e % 8] += combination(a, e) * combination(b, e);
        }
        for (int half = 4; half > 0; half /= 2) {
            for (int l = 0; l < half; l++) {
                lanes[l] += lanes[l + half];
            }
        }
        return lanes[0];
    }

    private double combination(List<Term> terms, int e) {
        double sum = 0;
        for (Term term : terms) {
            double product = term.coefficient * rows.values(term.place, term.row)[e];
            sum = term == terms.get(0) ? product : sum + product;
        }
        return sum;
    }

    private void find() {
        queue.quantiles(quantiles);
        values = asked.stream().mapToDouble(this::quantile).toArray();
        valuesAreThere = false;
    }

    private double quantile(Asked of) {
        float[] sorted = rows.values(of.place, of.row).clone();
        for (int e = 0; e < sorted.length; e++) {
            sorted[e] = Math.abs(sorted[e]);
        }
        Arrays.sort(sorted);
        double rank = of.share * (sorted.length - 1);
        int below = (int) rank;
        return below == rank ? sorted[below]
                : sorted[below] + (rank - below) * ((double) sorted[below + 1] - sorted[below]);
    }

    private void inner(Random random) {
        int group = Fuzz.index(random, groups);
        int a = Fuzz.index(random, Math.max(1, computedSize));
        int b = Fuzz.index(random, Math.max(1, computedSize));
        double found = table.inner(group, a, b);
        if (!productsAreThere) {
            throw new AssertionError("nothing was computed, but there is " + found);
        }
        assertEquals(products[(group * computedSize + a) * computedSize + b], found, 0, "inner product");
    }

    private void value(Random random) {
        int quantile = Fuzz.index(random, asked.size());
        double found = quantiles.value(quantile);
        if (!valuesAreThere) {
            throw new AssertionError("nothing was found, but there is " + found);
        }
        assertEquals(values[quantile], found, 0, "quantile");
    }

    @Override
    public void check() {
        assertEquals(groups, table.groups());
        assertEquals(asked.size(), quantiles.count());
        rows.check();
    }

    @Override
    public void close() {
        queue.close();
        rows.close();
    }
}
