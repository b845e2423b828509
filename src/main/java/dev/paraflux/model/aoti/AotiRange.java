package dev.paraflux.model.aoti;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.device.Buffer;
import dev.paraflux.model.Batch;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.pretrained.ModelInput;
import dev.paraflux.model.torch.OwnedPointers;
import dev.paraflux.model.torch.TorchTensors;
import java.util.List;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
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

    /** As many bytes as a value of any type takes. */
    private static final int FLOATS_OF_COMPLEX = 4;

    private final AotiModule module;
    private final ModelCard card;
    private boolean told;
    private String refusal = "";
    /** What is asked with. The runner keeps the tensors of a call that is refused for ever, so that they are always these. */
    private TensorVector inputs;
    private Tensor x;

    /** @param least fewest rows, and {@code most} rows, that are taken */
    record Rows(int least, int most) {}

    AotiRange(AotiModule module, ModelCard card) {
        this.module = module;
        this.card = card;
    }

    /**
     * Asks.
     *
     * @throws IllegalValueException if no number of rows is taken, or inputs are not checked; it says what the model says
     */
    Rows find() {
        // What it says of the first refusal tells whether it ever says anything.
        if (takes(1, torch.ScalarType.ComplexDouble, torch.ScalarType.Float)) {
            throw illegal("compiled with checks of its inputs, and this one takes any: compile it with PyTorch 2.7 or"
                    + " later");
        }
        told = module.words().areTold();
        // Nothing is ever evaluated of it.
        try (Buffer memory = module.target().rows().allocate(1, FLOATS_OF_COMPLEX);
                OwnedPointers owned = new OwnedPointers();
                TensorVector asked = inputs(memory, 1, torch.ScalarType.Float, torch.ScalarType.ComplexDouble, owned)) {
            inputs = asked;
            x = asked.get(0);
            int most = told ? Batch.MAX_ROWS : MOST_EVALUATED;
            int taken = anyTaken(most);
            return new Rows(edge(taken, 0), edge(taken, most + 1));
        }
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
        throw illegal(
                "a model that does what its card says (shape " + card.shape() + ", inputs " + card.inputNames() + "): "
                        + refusal);
    }

    private IllegalValueException illegal(String legal) {
        return new IllegalValueException("model", module.file(), legal);
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
        return told ? isTold(rows) : takes(rows, torch.ScalarType.Float, torch.ScalarType.Float);
    }

    /** Whether the input that is refused is t, and x is not. */
    @SuppressWarnings("try") // The guard works by being open.
    private boolean isTold(int rows) {
        module.useThreads();
        x.unsafeGetTensorImpl().set_sizes_contiguous(TorchTensors.sizes(rows, card.shape()));
        try (InferenceMode inference = new InferenceMode(true)) {
            module.ask(inputs).close();
            return true;
        } catch (RuntimeException e) {
            if (module.words().refusedInput() == 1) {
                return true;
            }
            noteFirst(e);
            return false;
        }
    }

    /** Notes the first refusal that is about rows. */
    private void noteFirst(RuntimeException e) {
        refusal = refusal.isEmpty() ? module.words().of(e) : refusal;
    }

    /** Whether so many rows are evaluated. */
    @SuppressWarnings("try") // The guard works by being open.
    private boolean takes(int rows, torch.ScalarType ofX, torch.ScalarType ofT) {
        // What is not checked reads no more than is there.
        module.useThreads();
        try (Buffer memory = module.target().rows().allocate(FLOATS_OF_COMPLEX * rows, mostValues());
                OwnedPointers owned = new OwnedPointers();
                InferenceMode inference = new InferenceMode(true);
                TensorVector given = inputs(zeroed(memory, owned), rows, ofX, ofT, owned)) {
            module.ask(given).close();
            return true;
        } catch (RuntimeException e) {
            if (ofX == torch.ScalarType.Float) {
                noteFirst(e);
            }
            return false;
        }
    }

    /** A label of no meaning would be one that there is not. */
    private Buffer zeroed(Buffer memory, OwnedPointers owner) {
        owner.own(TorchTensors.at(memory.address(0), new long[] {memory.rows(), memory.dim()}, module.target(),
                torch.ScalarType.Float)).zero_();
        return memory;
    }

    /** @param owner closes what is in them */
    private TensorVector inputs(Buffer memory, int rows, torch.ScalarType ofX, torch.ScalarType ofT,
            OwnedPointers owner) {
        TensorVector all = new TensorVector(2L + card.inputs().size());
        all.put(0, owner.own(tensor(memory, rows, card.shape(), ofX)));
        all.put(1, owner.own(tensor(memory, rows, List.of(), ofT)));
        for (int k = 0; k < card.inputs().size(); k++) {
            ModelInput input = card.inputs().get(k);
            all.put(2L + k, owner.own(tensor(memory, rows, input.shape(),
                    input.type() == ModelInput.Type.INT64 ? torch.ScalarType.Long : torch.ScalarType.Float)));
        }
        return all;
    }

    private int mostValues() {
        int most = card.dim();
        for (ModelInput input : card.inputs()) {
            most = Math.max(most, input.values());
        }
        return most;
    }

    private Tensor tensor(Buffer memory, int rows, List<Integer> shape, torch.ScalarType type) {
        return TorchTensors.at(memory.address(0), TorchTensors.sizes(rows, shape), module.target(), type);
    }
}
