package dev.paraflux.model.torch;

import dev.paraflux.device.Lifetime;
import dev.paraflux.model.Batch;
import dev.paraflux.model.ModelException;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import org.bytedeco.pytorch.InferenceMode;

/**
 * Runs a module on the rows of calls: cuts them into parts, each for one thread, and has a crew work on several at a time.
 * For one call at a time.
 */
final class TorchCalls implements AutoCloseable {
    /** By default: as many replicas as the machine has cores for, of which as many work as pays. */
    static final int BY_MEASURING = 0;

    /** Parts that a call has tensors for: those of larger calls take turns. */
    private static final int PARTS_EACH = 4;

    /** After a call that was held up by a helper without a core so many are made without helpers, then more and more. */
    private static final int LEAST_ALONE = 8;
    private static final int MOST_ALONE = 256;

    private final TorchModule module;
    private final ModelCard card;
    private final Lifetime owner;
    private final boolean[] warm = new boolean[TorchSizes.COUNT];
    /** How many parts can have a size; for preparing. */
    private final int[] needed = new int[TorchSizes.COUNT];
    private final TorchCrew.Task task = this::evaluatePart;
    private TorchPart[] parts = new TorchPart[0];
    private TorchCrew crew;
    private TorchCut cut;
    private int wish = BY_MEASURING;
    private int threads;
    private int alone;
    private int nextAlone = LEAST_ALONE;
    private TorchTrial trial;
    private volatile boolean changesInputs;
    private Batch rows;
    private int count;
    private int wave;

    TorchCalls(TorchModule module, ModelCard card, Lifetime owner) {
        this.module = module;
        this.card = card;
        this.owner = owner;
    }

    /** Has so many replicas, or {@link #BY_MEASURING}. */
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

    /** Makes and warms up what every call of up to so many rows needs. */
    void prepare(int most) {
        settle();
        TorchLibrary.useThreads();
        Arrays.fill(needed, 0);
        for (int size = 1; size <= most; size++) {
            int all = cut.parts(size);
            int larger = size % all;
            need(size / all, all);
            if (larger > 0) {
                need(size / all + 1, larger);
            }
        }
        int largest = TorchSizes.sizeFor(Math.min(most, cut.most()));
        for (int size = 1; size <= largest; size = TorchSizes.sizeFor(size + 1)) {
            int number = TorchSizes.number(size);
            if (needed[number] > 0) {
                warmUp(size);
            }
            for (int part = 0; part < needed[number]; part++) {
                parts[part].batch(size);
            }
        }
        if (cut.parts(most) > 1) {
            workers();
        }
    }

    private void need(int size, int all) {
        int number = TorchSizes.number(TorchSizes.sizeFor(size));
        needed[number] = Math.max(needed[number], Math.min(all, parts.length));
    }

    /** Evaluates a batch that is held, and whose conditions are legal. */
    void evaluate(Batch batch) {
        settle();
        count = cut.parts(batch.size());
        warmUp(batch.size() / count);
        warmUp((batch.size() - 1) / count + 1);
        int workers = count == 1 || alone > 0 ? 1 : workers();
        rows = batch;
        try {
            for (wave = 0; wave < count; wave += parts.length) {
                crew.run(task, Math.min(parts.length, count - wave), workers);
                heed(workers);
            }
        } finally {
            rows = null;
        }
    }

    /** Cores that others keep busy are left to them for a while, where nobody has said otherwise. */
    private void heed(int workers) {
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
        int asked = TorchLibrary.threads();
        int replicas = wish == BY_MEASURING ? TorchLibrary.replicas() : wish;
        if (cut != null && cut.replicas() == replicas && threads == asked) {
            return;
        }
        if (crew != null) {
            crew.close();
        }
        crew = new TorchCrew(replicas);
        cut = TorchCut.of(replicas, asked, card.dim());
        threads = asked;
        trial = new TorchTrial(replicas);
        TorchPart[] more = Arrays.copyOf(parts, Math.max(parts.length, PARTS_EACH * replicas));
        for (int part = parts.length; part < more.length; part++) {
            more[part] = owner.own(() -> new TorchPart(card));
        }
        parts = more;
    }

    /** The first call of a size profiles the module, the second one runs the specialised code. */
    private void warmUp(int size) {
        int number = TorchSizes.number(TorchSizes.sizeFor(size));
        if (warm[number]) {
            return;
        }
        TorchBatch batch = parts[0].batch(size);
        for (int call = 0; call < 2; call++) {
            evaluateIdle(batch);
            changesInputs |= batch.hasChangedInputs();
        }
        warm[number] = true;
    }

    @SuppressWarnings("try") // The guard works by being open.
    private void evaluateIdle(TorchBatch batch) {
        TorchLibrary.useThreads();
        try (InferenceMode inference = new InferenceMode(true)) {
            batch.setIdle(0);
            module.forward(batch);
        }
    }

    /** How many threads work on a call of several parts. */
    private int workers() {
        if (wish != BY_MEASURING || cut.replicas() == 1) {
            return cut.replicas();
        }
        if (trial.isDue()) {
            int size = cut.least();
            warmUp(size);
            trial.run(workers -> crew.run(part -> evaluateIdle(parts[part].batch(size)), cut.replicas(), workers));
        }
        return trial.best();
    }

    @SuppressWarnings("try") // The guard works by being open.
    private void evaluatePart(int part) {
        int from = TorchCut.start(rows.size(), count, wave + part);
        int to = TorchCut.start(rows.size(), count, wave + part + 1);
        TorchBatch batch = parts[part].batch(to - from);
        TorchLibrary.useThreads();
        try (InferenceMode inference = new InferenceMode(true)) {
            batch.set(rows, from, to, changesInputs);
            boolean inPlace = batch.isInPlace();
            module.forward(batch);
            batch.finish(rows, from, to);
            if (inPlace && batch.hasChangedInputs()) {
                changesInputs = true;
                throw new ModelException(module + " changes its input in place, at some inputs only, so that it was not"
                        + " noticed before: the rows of this call are lost, later calls are given copies. Export it with"
                        + " x = x.clone() in the beginning of its forward");
            }
            changesInputs |= batch.hasChangedInputs();
        }
    }

    @Override
    public void close() {
        if (crew != null) {
            crew.close();
        }
        Stream.of(parts).filter(Objects::nonNull).forEach(TorchPart::close);
    }
}
