package dev.paraflux.model.pretrained;

import dev.paraflux.check.Require;
import dev.paraflux.device.Lifetime;
import dev.paraflux.device.Queue;
import dev.paraflux.model.Batch;
import dev.paraflux.model.ModelException;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Runs a model on the rows of calls: cuts them into parts, each for one thread, and has a crew work on several at a time.
 * For one call at a time.
 */
final class ModelCalls implements AutoCloseable {
    /** By default: as many replicas as the machine has cores for, of which as many work as pays. */
    private static final int BY_MEASURING = 0;

    /** Parts that a call has tensors for: those of larger calls take turns. */
    private static final int PARTS_EACH = 4;

    /** After a call that was held up by a helper without a core so many are made without helpers, then more and more. */
    private static final int LEAST_ALONE = 8;
    private static final int MOST_ALONE = 256;

    private final LoadedModel model;
    private final ModelCard card;
    private final String name;
    /** Whether calls are evaluated as a whole: by the runtime's own threads, or on a device. */
    private final boolean whole;
    private final Lifetime owner;
    private final boolean[] warm = new boolean[Sizes.COUNT];
    /** How many parts can have a size; for preparing. */
    private final int[] needed = new int[Sizes.COUNT];
    private final Crew.Task task = this::evaluatePart;
    private Part[] parts = new Part[0];
    private Crew crew;
    private Cut cut;
    private RowOrder order;
    private int wish = BY_MEASURING;
    private int alone;
    private int nextAlone = LEAST_ALONE;
    private Trial trial;
    private volatile boolean changesInputs;
    private Batch rows;
    private Queue followed;
    private int wave;

    /** @param threads the runtime's own, of each part */
    ModelCalls(LoadedModel model, ModelCard card, int threads, Lifetime owner) {
        whole = threads > 1 || !model.device().isHost();
        this.model = model;
        this.card = card;
        name = "model " + card.name();
        this.owner = owner;
    }

    /** Refuses replicas on a device, to which one thread gives all of a call. */
    void requireReplicas(int replicas) {
        Require.between(1, LoadOptions.mostThreads(), "replicas", replicas);
        Require.that(replicas == 1 || model.device().isHost(), "replicas", replicas,
                "1 on " + model.device() + ", where a call is evaluated as a whole");
    }

    /** Has so many replicas. */
    void setReplicas(int replicas) {
        wish = replicas;
        alone = 0;
        settle();
    }

    /** How many replicas share a large call. */
    int replicas() {
        settle();
        return workers();
    }

    /** How many parts of a call can be under way at the same time. */
    int mostReplicas() {
        settle();
        return cut.replicas();
    }

    /** Makes and warms up what every call of up to so many rows needs. */
    void prepare(int most) {
        settle();
        Arrays.fill(needed, 0);
        for (int size = 1; size <= most; size++) {
            int all = cut.parts(size);
            int larger = size % all;
            need(size / all, all);
            if (larger > 0) {
                need(size / all + 1, larger);
            }
        }
        int largest = Sizes.sizeFor(Math.min(most, cut.most()));
        for (int size = 1; size <= largest; size = Sizes.sizeFor(size + 1)) {
            int number = Sizes.number(size);
            if (needed[number] > 0) {
                warmUp(size);
            }
            for (int part = 0; part < needed[number]; part++) {
                parts[part].reserve(size);
            }
        }
        if (cut.parts(most) > 1) {
            workers();
        }
    }

    private void need(int size, int all) {
        int number = Sizes.number(Sizes.sizeFor(size));
        needed[number] = Math.max(needed[number], Math.min(all, parts.length));
    }

    /** Evaluates a batch that is held, and whose conditions are legal. */
    void evaluate(Batch batch) {
        settle();
        int count = order.of(batch);
        for (int part = 0; part < count; part++) {
            warmUp(order.start(part + 1) - order.start(part));
        }
        follow(batch.queue());
        int workers = count == 1 || alone > 0 ? 1 : workers();
        rows = batch;
        try {
            for (wave = 0; wave < count; wave += parts.length) {
                crew.run(task, Math.min(parts.length, count - wave), workers);
                heed(workers, count);
            }
        } catch (Part.ChangedInput e) {
            changesInputs = true;
            throw new ModelException(e.getMessage());
        } finally {
            rows = null;
        }
    }

    /** On a device what calls use may still be in use on another queue, that of the call before; null for the model's own. */
    private void follow(Queue next) {
        if (!model.rowDevice().isHost() && next != followed) {
            model.rowDevice().awaitAll();
            followed = next;
        }
    }

    /** Cores that others keep busy are left to them for a while, where nobody has said otherwise. */
    private void heed(int workers, int count) {
        if (wish != BY_MEASURING || count == 1) {
            return;
        }
        if (workers == 1) {
            alone = Math.max(0, alone - 1);
        } else if (crew.wasHeldUp()) {
            alone = nextAlone;
            nextAlone = Math.min(MOST_ALONE, 2 * nextAlone);
        } else {
            nextAlone = Math.max(LEAST_ALONE, nextAlone / 2);
        }
    }

    /** Follows what is asked for; between two calls. */
    private void settle() {
        int replicas = wish != BY_MEASURING ? wish : whole ? 1 : Replicas.BY_DEFAULT;
        if (cut != null && cut.replicas() == replicas) {
            return;
        }
        if (crew != null) {
            crew.close();
        }
        crew = new Crew(replicas);
        cut = Cut.of(replicas, whole, card.dim(), model.batching());
        order = new RowOrder(cut, model.batching().oneTime());
        trial = new Trial(replicas);
        Part[] more = Arrays.copyOf(parts, Math.max(parts.length, PARTS_EACH * replicas));
        for (int part = parts.length; part < more.length; part++) {
            more[part] = owner.own(() -> new Part(model, card));
        }
        parts = more;
    }

    private void warmUp(int size) {
        int number = Sizes.number(Sizes.sizeFor(size));
        if (warm[number]) {
            return;
        }
        // It writes the rows that all sizes share.
        follow(null);
        for (int call = 0; call < model.batching().warmUps(); call++) {
            changesInputs |= parts[0].evaluateIdle(size);
        }
        warm[number] = true;
    }

    /** How many threads work on a call of several parts. */
    private int workers() {
        if (wish != BY_MEASURING || cut.replicas() == 1) {
            return cut.replicas();
        }
        if (trial.isDue()) {
            int size = cut.least();
            warmUp(size);
            trial.run(workers -> crew.run(part -> parts[part].evaluateIdle(size), cut.replicas(), workers));
        }
        return trial.best();
    }

    private void evaluatePart(int part) {
        int from = order.start(wave + part);
        int to = order.start(wave + part + 1);
        if (parts[part].evaluate(rows, order, from, to, changesInputs, name)) {
            changesInputs = true;
        }
    }

    @Override
    public void close() {
        if (crew != null) {
            crew.close();
        }
        Stream.of(parts).filter(Objects::nonNull).forEach(Part::close);
    }
}
