package dev.paraflux.fuzz;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Conditioning;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.GaussianMixtureDenoiser;
import dev.paraflux.model.GuidanceOptions;
import dev.paraflux.model.Mask;
import dev.paraflux.model.around.EdmPreconditioning;
import dev.paraflux.model.around.Guidance;
import dev.paraflux.model.around.Inpainting;
import dev.paraflux.model.around.LevelAdapter;
import dev.paraflux.model.around.X0Clipping;
import dev.paraflux.model.file.ModelFile;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.NoisePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Batches, models and what goes around them, opened and closed in any order, on rows that fit and rows that do not. The
 * module answers x + label; no call changes a row that is not a prediction of its batch.
 */
final class ModelWorld implements Fuzz.World {
    private static final int DIM = 30;
    private static final int ROWS = 5;
    private static final int[] DIMS = {DIM, DIM, DIM, DIM - 1};
    private static final int LABELS = 3;
    private static final int MODELS = 7;

    private final Path module;
    private final Buffer[] buffers = new Buffer[DIMS.length];
    private final float[][][] values = new float[DIMS.length][ROWS][];
    private final boolean[] closed = new boolean[DIMS.length];
    private final Mask[] masks = Stream.generate(() -> new Mask(new float[DIM], new float[DIM])).limit(20)
            .toArray(Mask[]::new);
    private Batch batch = new Batch(ROWS);
    private int states = -1;
    private int predictions = -1;
    private PretrainedDenoiser torch;
    private Denoiser model;
    private int kind;

    ModelWorld(Path module, Random random) {
        this.module = module;
        for (int b = 0; b < buffers.length; b++) {
            open(b, random);
        }
        open(random.nextInt(MODELS));
    }

    @Override
    public List<Operation> operations() {
        Operation add = Operation.of("Batch.add", this::add, Operation.ARGUMENT, Operation.STATE);
        Operation begin = Operation.of("Batch.begin", this::begin, Operation.INDEX, Operation.ARGUMENT);
        Operation evaluate = Operation.of("Denoiser.evaluate", random -> evaluate(), Operation.ARGUMENT,
                Operation.STATE);
        return List.of(add, add, add, add, begin, evaluate, evaluate,
                Operation.of("new Batch", this::newBatch, Operation.ARGUMENT),
                Operation.of("Buffer.close or allocate", this::toggle),
                Operation.of("Denoiser.prepare", this::prepare, Operation.ARGUMENT, Operation.STATE),
                Operation.of("Denoiser.close or another", this::renew),
                Operation.of("PretrainedDenoiser.setReplicas", random -> torch.setReplicas(Fuzz.size(random, 3)),
                        Operation.STATE,
                        Operation.ARGUMENT),
                Operation.of("GuidanceOptions", ModelWorld::options, Operation.ARGUMENT));
    }

    private void open(int b, Random random) {
        buffers[b] = Device.cpu().allocate(ROWS, DIMS[b]);
        closed[b] = false;
        for (int row = 0; row < ROWS; row++) {
            values[b][row] = new float[DIMS[b]];
            for (int e = 0; e < DIMS[b]; e++) {
                values[b][row][e] = random.nextInt(9) - 4;
            }
            buffers[b].write(row, values[b][row]);
        }
    }

    private void toggle(Random random) {
        int b = random.nextInt(buffers.length);
        if (closed[b]) {
            open(b, random);
        } else if (random.nextInt(8) == 0) {
            buffers[b].close();
            closed[b] = true;
        }
    }

    private void open(int newKind) {
        try {
            torch = ModelFile.load(module);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        kind = newKind;
        model = switch (kind) {
            case 1 -> Guidance.of(torch, 2).owning();
            case 2 -> Inpainting.of(Guidance.of(torch)).owning();
            case 3 -> X0Clipping.dynamic(torch, 0.9, 2).owning();
            case 4 -> new EdmPreconditioning(torch, 0.5).owning();
            case 5 -> new LevelAdapter(torch, NoisePath.edm()).owning();
            case 6 -> mixture(torch);
            default -> torch;
        };
    }

    private static Denoiser mixture(PretrainedDenoiser unused) {
        unused.close();
        GaussianMixtureDenoiser.Component component = new GaussianMixtureDenoiser.Component(1, new double[DIM], 1);
        return new GaussianMixtureDenoiser(new int[] {DIM}, List.of(component, component));
    }

    /** A closed model is used once more before another takes its place. */
    private void renew(Random random) {
        if (random.nextInt(25) == 0) {
            model.close();
            model.close();
            try {
                model.prepare(1);
                throw new AssertionError("a closed model was prepared");
            } catch (IllegalStateException e) {
                open(random.nextInt(MODELS));
            }
        }
    }

    private void newBatch(Random random) {
        int capacity = random.nextInt(12) == 0 ? Batch.MAX_ROWS + 1 : Fuzz.size(random, ROWS);
        batch = new Batch(capacity);
        states = -1;
    }

    private void begin(Random random) {
        int newStates = random.nextInt(buffers.length);
        int newPredictions = random.nextInt(buffers.length);
        batch.begin(buffers[newStates], Fuzz.index(random, ROWS), buffers[newPredictions], Fuzz.index(random, ROWS));
        states = newStates;
        predictions = newPredictions;
    }

    private void add(Random random) {
        batch.add(new NoiseLevel(random.nextInt(1000), 0.6, random.nextInt(50) == 0 ? 0 : 0.8), conditioning(random));
    }

    private Conditioning conditioning(Random random) {
        Conditioning asked = Conditioning.of(condition(random));
        return switch (random.nextInt(8)) {
            case 0 -> asked.withMask(masks[random.nextInt(masks.length)]);
            case 1 -> asked.withMask(new Mask(new float[DIM - 1], new float[DIM - 1]));
            case 2 -> asked.withGuidance(options(random));
            case 3 -> asked.withMask(masks[random.nextInt(masks.length)]).withGuidance(options(random));
            default -> asked;
        };
    }

    private static Condition condition(Random random) {
        return switch (random.nextInt(12)) {
            case 0 -> Condition.label(random.nextInt(2 * LABELS) - LABELS);
            case 1 -> new Condition.Embedding(new float[random.nextInt(3) == 0 ? 5 : 4], 1, 4);
            case 2, 3, 4, 5, 6, 7 -> Condition.label(random.nextInt(2));
            default -> Condition.none();
        };
    }

    private void prepare(Random random) {
        int rows = Fuzz.size(random, ROWS);
        model.prepare(rows > ROWS && random.nextBoolean() ? Batch.MAX_ROWS + 1 : rows == ROWS + 1 ? ROWS : rows);
    }

    private void evaluate() {
        for (int i = 0; i < batch.size(); i++) {
            // Refusals of levels are the sampler's to ask for, before a run.
            model.requireLegal(batch.level(i));
        }
        model.evaluate(batch);
        for (int i = 0; i < batch.size(); i++) {
            float[] row = values[predictions][batch.predictionRow(i)];
            if (kind == 0) {
                int label = batch.condition(i) instanceof Condition.Label given ? given.label() : LABELS;
                float[] state = values[states][batch.stateRow(i)];
                float[] found = new float[DIM];
                buffers[predictions].read(batch.predictionRow(i), found);
                for (int e = 0; e < DIM; e++) {
                    assertEquals(state[e] + label, found[e], "of a prediction");
                }
            }
            // Small whole numbers again, so that what follows stays exact.
            for (int e = 0; e < DIM; e++) {
                row[e] = (i + e) % 7;
            }
            batch.predictions().write(batch.predictionRow(i), row);
        }
    }

    private static GuidanceOptions options(Random random) {
        return GuidanceOptions.weight(random.nextInt(9) == 0 ? Double.NaN : random.nextInt(5))
                .withRescale(random.nextInt(5) * 0.3).withInterval(random.nextInt(4) - 1, random.nextInt(9));
    }

    @Override
    public void check() {
        float[] found = new float[DIM];
        for (int b = 0; b < buffers.length; b++) {
            for (int row = 0; row < ROWS && !closed[b]; row++) {
                float[] expected = values[b][row];
                buffers[b].read(row, found);
                assertArrayEquals(expected, DIMS[b] == DIM ? found : Arrays.copyOf(found, DIMS[b]),
                        "a row that no call named");
            }
        }
    }

    @Override
    public void close() {
        model.close();
        for (Buffer buffer : buffers) {
            buffer.close();
        }
    }
}
