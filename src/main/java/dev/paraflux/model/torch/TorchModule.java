package dev.paraflux.model.torch;

import dev.paraflux.model.ModelException;
import java.io.IOException;
import java.nio.file.Path;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.Method;
import org.bytedeco.pytorch.global.torch;

/** A frozen module, whose weights all threads share: calls of it may run at the same time. */
final class TorchModule implements AutoCloseable {
    private final JitModule module;
    private final Method method;
    private final String name;

    private TorchModule(JitModule module, String name) {
        this.module = module;
        this.name = name;
        method = module.get_method("forward");
    }

    /**
     * Loads and freezes a file.
     *
     * @param name what messages call the model
     * @throws IOException if libtorch cannot read it
     */
    static TorchModule load(Path file, String name) throws IOException {
        return new TorchModule(frozen(file), name);
    }

    private static JitModule frozen(Path file) throws IOException {
        try (JitModule loaded = torch.load(file.toString())) {
            loaded.eval();
            return torch.freeze(loaded);
        } catch (RuntimeException e) {
            IOException refusal = new IOException(
                    "model file " + file + " is not a TorchScript module that this libtorch ("
                            + TorchLibrary.version() + ") can read: " + TorchWords.of(e));
            refusal.addSuppressed(e);
            throw refusal;
        }
    }

    /** The module itself, for trying it out. */
    JitModule module() {
        return module;
    }

    /**
     * Answers what a batch has been set to.
     *
     * @throws ModelException if the module fails, or answers something else than a prediction
     */
    void forward(TorchBatch batch) {
        try {
            IValueVector stack = batch.arguments();
            if (method.num_inputs() == stack.size() + 1) {
                // The module itself is the first input. The answer takes the arguments' place, and no object is made for
                // it. Their types have been checked when the module was probed.
                method.run(stack);
                batch.take(stack.get(0));
            } else {
                // It has arguments with defaults.
                takeAnswer(batch, stack);
            }
        } catch (ModelException e) {
            throw new ModelException(name + ": " + e.getMessage());
        } catch (RuntimeException e) {
            ModelException failure = new ModelException(name + " fails: " + TorchWords.of(e));
            failure.addSuppressed(e);
            throw failure;
        }
    }

    private void takeAnswer(TorchBatch batch, IValueVector arguments) {
        try (IValue answer = module.forward(arguments)) {
            batch.take(answer);
        }
    }

    @Override
    public void close() {
        method.close();
        module.close();
    }

    @Override
    public String toString() {
        return name;
    }
}
