package dev.paraflux.model.torch;

import dev.paraflux.model.TensorValue;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.LoadedNetwork;
import dev.paraflux.model.pretrained.NetworkAnswer;
import dev.paraflux.model.pretrained.RefusedCall;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Argument;
import org.bytedeco.pytorch.GenericDict;
import org.bytedeco.pytorch.GenericDictIterator;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Any TorchScript module whose {@code forward} takes tensors, and answers a tensor, several of them, or a dict of tensors
 * by name.
 */
final class TorchNetwork implements LoadedNetwork {
    private final JitModule module;
    private final List<String> inputs;
    private final int threads;

    private TorchNetwork(JitModule module, List<String> inputs, int threads) {
        this.module = module;
        this.inputs = inputs;
        this.threads = threads;
    }

    /**
     * Loads a file that has been checked.
     *
     * @throws IOException if libtorch cannot read it, or it has no {@code forward}
     */
    static TorchNetwork load(Path file, LoadOptions options) throws IOException {
        JitModule module = TorchModule.frozen(file, options);
        try {
            return new TorchNetwork(module, inputs(module), options.threads());
        } catch (RuntimeException | Error e) {
            module.close();
            throw e;
        }
    }

    /** The arguments of its {@code forward}. */
    @SuppressWarnings("try") // What is made meanwhile the scope frees.
    private static List<String> inputs(JitModule module) {
        List<String> names = new ArrayList<>();
        try (PointerScope scope = new PointerScope()) {
            Argument all = module.get_method("forward").function().getSchema().arguments();
            // The first is the module itself.
            for (long k = 1; k < all.limit(); k++) {
                names.add(all.getPointer(k).name().getString());
            }
        }
        return List.copyOf(names);
    }

    @Override
    public List<String> inputs() {
        return inputs;
    }

    @Override
    public Map<String, TensorValue> run(Map<String, TensorValue> given) {
        // Any of them may be the one that libtorch rewrites the module in: sizes differ, and so do the threads that call.
        return TorchRoom.get(() -> answers(given));
    }

    @SuppressWarnings("try") // The guard works by being open.
    private Map<String, TensorValue> answers(Map<String, TensorValue> given) {
        TorchLibrary.useThreads(threads);
        try (PointerScope scope = new PointerScope(); InferenceMode inference = new InferenceMode(true)) {
            IValueVector arguments = new IValueVector(inputs.size());
            for (int k = 0; k < inputs.size(); k++) {
                arguments.put(k, new IValue(tensor(given.get(inputs.get(k)))));
            }
            return answers(module.forward(arguments));
        } catch (RefusedCall e) {
            throw e;
        } catch (RuntimeException e) {
            throw RefusedCall.failed(TorchWords.of(e), e);
        }
    }

    /** Over memory that the scope frees, when nothing reads it any more. */
    private static Tensor tensor(TensorValue value) {
        long[] shape = Arrays.stream(value.shape()).asLongStream().toArray();
        if (!value.isWhole()) {
            return torch.from_blob(new FloatPointer(value.floats()), shape);
        }
        return torch.from_blob(new LongPointer(value.longs()), shape, new TensorOptions(torch.ScalarType.Long));
    }

    private static Map<String, TensorValue> answers(IValue answer) {
        Map<String, TensorValue> answers = new LinkedHashMap<>();
        if (answer.isTuple()) {
            IValueVector elements = answer.toTupleRef().elements().vec();
            for (long k = 0; k < elements.size(); k++) {
                add(String.valueOf(k), elements.get(k), answers);
            }
        } else if (answer.isTensorList()) {
            TensorVector elements = answer.toTensorVector();
            for (long k = 0; k < elements.size(); k++) {
                add(String.valueOf(k), new IValue(elements.get(k)), answers);
            }
        } else if (answer.isGenericDict()) {
            GenericDict all = answer.toGenericDict();
            GenericDictIterator end = all.end();
            for (GenericDictIterator each = all.begin(); each.notEquals(end); each.increment()) {
                if (each.access().key().isString()) {
                    add(each.access().key().toStringRef().getString(), each.access().value(), answers);
                }
            }
        } else {
            add("0", answer, answers);
        }
        return answers;
    }

    private static void add(String name, IValue answer, Map<String, TensorValue> answers) {
        if (!answer.isTensor() || !answer.toTensor().defined() || !answer.toTensor().is_floating_point()) {
            return;
        }
        long[] shape = new long[Math.toIntExact(answer.toTensor().dim())];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = answer.toTensor().size(i);
        }
        float[] values = new float[NetworkAnswer.values(name, shape)];
        Tensor tensor = answer.toTensor().to(torch.ScalarType.Float).contiguous();
        tensor.data_ptr_float().capacity(values.length).get(values);
        answers.put(name, NetworkAnswer.of(name, values, shape));
    }

    @Override
    public void close() {
        module.close();
    }
}
