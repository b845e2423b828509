package dev.paraflux.model.aoti;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.device.HostBytes;
import dev.paraflux.model.Batch;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.pretrained.ModelInput;
import dev.paraflux.model.torch.TorchTensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Finds out how many rows a compiled model takes: the compiler chooses a range within what the export allows, and tells
 * nobody. It is asked with a t of a type that no model takes: x is checked first, so that the input which is refused tells
 * whether so many rows of x are taken, and nothing is ever evaluated.
 */
final class AotiRange {
    /** As far as models are tried that do not tell what they refuse: they evaluate the rows that they take. */
    private static final int MOST_EVALUATED = 64;
    /** Where no power of two is taken, every number of rows up to here is tried. */
    private static final int MOST_ODD = 1024;

    private final AotiModule module;
    private final ModelCard card;
    private final Path file;
    private boolean told;
    private String refusal = "";

    /** @param least fewest rows, and {@code most} rows, that are taken */
    record Rows(int least, int most) {}

    AotiRange(AotiModule module, ModelCard card, Path file) {
        this.module = module;
        this.card = card;
        this.file = file;
    }

    /**
     * Asks.
     *
     * @throws IllegalValueException if no number of rows is taken, or inputs are not checked; it says what the model says
     */
    Rows find() {
        // What it says of the first refusal tells whether it ever says anything.
        boolean unchecked = takes(1, torch.ScalarType.ComplexDouble, torch.ScalarType.Float);
        if (unchecked) {
            throw illegal("compiled with checks of its inputs, and this one takes any: compile it with PyTorch 2.7 or"
                    + " later");
        }
        told = module.words().areTold();
        int most = told ? Batch.MAX_ROWS : MOST_EVALUATED;
        int taken = anyTaken(most);
        return new Rows(edge(taken, 0), edge(taken, most + 1));
    }

    private int anyTaken(int most) {
        for (int rows = 1; rows <= most; rows *= 2) {
            if (isTaken(rows)) {
                return rows;
            }
        }
        for (int rows = 3; rows <= Math.min(most, MOST_ODD); rows++) {
            if (isTaken(rows)) {
                return rows;
            }
        }
        throw illegal("a model that does what its card says (shape " + card.shape() + ", inputs " + names() + "): "
                + refusal);
    }

    private IllegalValueException illegal(String legal) {
        return new IllegalValueException("model", file, legal);
    }

    private List<String> names() {
        List<String> names = new ArrayList<>(List.of(card.x(), card.t()));
        card.inputs().forEach(input -> names.add(input.name()));
        return names;
    }

    /** The last number of rows that is taken on the way from one that is to one that is not. */
    private int edge(int taken, int not) {
        int inside = taken;
        int outside = not;
        while (Math.abs(outside - inside) > 1) {
            int middle = inside + (outside - inside) / 2;
            if (isTaken(middle)) {
                inside = middle;
            } else {
                outside = middle;
            }
        }
        return inside;
    }

    private boolean isTaken(int rows) {
        return told ? takes(rows, torch.ScalarType.Float, torch.ScalarType.ComplexDouble)
                : takes(rows, torch.ScalarType.Float, torch.ScalarType.Float);
    }

    /** Whether so many rows are taken, or, with a t that is not, at least x is. */
    @SuppressWarnings("try") // The guard works by being open.
    private boolean takes(int rows, torch.ScalarType x, torch.ScalarType t) {
        boolean evaluated = t == torch.ScalarType.Float;
        List<Pointer> owned = new ArrayList<>();
        // Without evaluation nothing is read; what is not checked reads no more than is there.
        long values = evaluated ? (long) rows * mostValues() : 1;
        module.useThreads();
        try (HostBytes memory = new HostBytes(2 * Double.BYTES * values, "a trial of model " + card.name());
                InferenceMode inference = new InferenceMode(true);
                TensorVector inputs = new TensorVector(2L + card.inputs().size())) {
            Pointer place = new Pointer(memory.view(0, 2 * Double.BYTES * values));
            owned.add(place);
            inputs.put(0, own(owned, tensor(place, rows, card.shape(), x)));
            inputs.put(1, own(owned, tensor(place, rows, List.of(), t)));
            for (int k = 0; k < card.inputs().size(); k++) {
                ModelInput input = card.inputs().get(k);
                inputs.put(2L + k, own(owned, tensor(place, rows, input.shape(),
                        input.type() == ModelInput.Type.INT64 ? torch.ScalarType.Long : torch.ScalarType.Float)));
            }
            module.run(inputs).close();
            return true;
        } catch (RuntimeException e) {
            boolean later = t != torch.ScalarType.Float && module.words().refusedInput() == 1;
            if (!later && refusal.isEmpty() && x == torch.ScalarType.Float) {
                refusal = module.words().of(e);
            }
            return later;
        } finally {
            for (int k = owned.size() - 1; k >= 0; k--) {
                owned.get(k).close();
            }
        }
    }

    private long mostValues() {
        long most = card.shape().stream().mapToLong(Integer::longValue).reduce(1, (all, size) -> all * size);
        for (ModelInput input : card.inputs()) {
            most = Math.max(most, input.values());
        }
        return most;
    }

    private static Tensor own(List<Pointer> owned, Tensor tensor) {
        owned.add(tensor);
        return tensor;
    }

    private static Tensor tensor(Pointer place, int rows, List<Integer> shape, torch.ScalarType type) {
        try (TensorOptions options = new TensorOptions(type)) {
            return torch.from_blob(place, TorchTensors.sizes(rows, shape), options);
        }
    }
}
