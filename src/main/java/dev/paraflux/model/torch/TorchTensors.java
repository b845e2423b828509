package dev.paraflux.model.torch;

import dev.paraflux.model.Precision;
import dev.paraflux.model.pretrained.Arguments;
import dev.paraflux.model.pretrained.ModelInput;
import dev.paraflux.model.pretrained.RefusedCall;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/** libtorch's tensors over memory that is somebody else's, and answers that go there. */
@SuppressWarnings("exports") // Whoever uses it has libtorch.
public final class TorchTensors {
    private TorchTensors() {}

    /** The sizes of so many rows of a shape. */
    public static long[] sizes(int rows, List<Integer> shape) {
        long[] sizes = new long[1 + shape.size()];
        sizes[0] = rows;
        for (int k = 0; k < shape.size(); k++) {
            sizes[1 + k] = shape.get(k);
        }
        return sizes;
    }

    /** A tensor of a type that lies at an address of a target, dense. Changes of it are counted. */
    @SuppressWarnings("try") // The guard works by being open.
    public static Tensor at(long address, long[] sizes, TorchTarget target, torch.ScalarType type) {
        // Changes are not counted of tensors that are made for inference alone.
        try (InferenceMode counted = new InferenceMode(false); TensorOptions options = target.options(type)) {
            return torch.from_blob(new Address(address), sizes, options);
        }
    }

    /**
     * What a model calculates with whose weights are of a type.
     *
     * @param type the value of a {@code torch.ScalarType}
     */
    public static Precision precision(int type) {
        return type == torch.ScalarType.BFloat16.value ? Precision.BFLOAT16
                : type == torch.ScalarType.Half.value ? Precision.FLOAT16 : Precision.FLOAT32;
    }

    /**
     * The times of a call: float32 [rows].
     *
     * @param owner closes it, and what it lies on
     */
    static Tensor times(Arguments arguments, OwnedPointers owner) {
        FloatPointer times = owner.own(new FloatPointer(arguments.times()));
        return owner.own(torch.from_blob(times, arguments.rows()));
    }

    /**
     * The values of an input of a call: [rows, its shape]. Changes of it are counted.
     *
     * @param k     its number among the card's inputs
     * @param owner closes it, and what it lies on
     */
    @SuppressWarnings("try") // The guard works by being open.
    static Tensor input(Arguments arguments, int k, OwnedPointers owner) {
        ModelInput input = arguments.card().inputs().get(k);
        long[] sizes = sizes(arguments.rows(), input.shape());
        try (InferenceMode counted = new InferenceMode(false)) {
            if (input.type() == ModelInput.Type.FLOAT32) {
                FloatPointer values = owner.own(new FloatPointer(arguments.values(k).asFloatBuffer()));
                return owner.own(torch.from_blob(values, sizes));
            }
            LongPointer values = owner.own(new LongPointer(arguments.values(k).asLongBuffer()));
            try (TensorOptions options = new TensorOptions(torch.ScalarType.Long)) {
                return owner.own(torch.from_blob(values, sizes, options));
            }
        }
    }

    /**
     * Copies an answer to where predictions belong.
     *
     * @param sizes   that it must have
     * @param narrow  whether it may have numbers of less than float32
     * @param answers who answers, with the verb, for example {@code its forward answers}
     * @throws RefusedCall if it has another shape or type
     */
    public static void take(Tensor answer, Tensor predictions, long[] sizes, boolean narrow, String answers) {
        // Asked so, no object is made: no other type of floating point has four bytes.
        boolean same = answer.dim() == sizes.length && answer.is_floating_point()
                && (answer.element_size() == Float.BYTES || narrow && answer.element_size() < Float.BYTES);
        for (int i = 0; same && i < sizes.length; i++) {
            same = answer.size(i) == sizes[i];
        }
        if (!same) {
            StringBuilder found = new StringBuilder();
            for (int i = 0; i < answer.dim(); i++) {
                found.append(i == 0 ? "" : ", ").append(answer.size(i));
            }
            throw RefusedCall.answered(answers + " [" + found + "] of " + answer.scalar_type().intern()
                    + " to an x of " + Arrays.toString(sizes) + " of Float: it must answer the same shape and type");
        }
        predictions.copy_(answer);
    }

    private static final class Address extends Pointer {
        Address(long value) {
            address = value;
        }
    }
}
