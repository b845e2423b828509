package dev.paraflux.model.torch;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.model.Precision;
import dev.paraflux.model.pretrained.LoadOptions;
import java.nio.file.Path;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.parameter_iterator;
import org.bytedeco.pytorch.parameter_list;

/**
 * What a module calculates with inside, where it is not what the file has: libtorch's autocast is around its calls. Its
 * products, convolutions and attention take what they are given in the narrow type; sums over many values, and whatever
 * comes before the first of them, as the times and their sines, stay float32. So x and t are given as they are, and any
 * module does that runs under autocast in Python.
 *
 * <p>Weights are moved once, so that no call has to: all parameters of two or more sizes. Those of one size belong to
 * norms, which are calculated in float32, or are short; buffers can be tables of frequencies, whose rounding would turn
 * times by radians.
 *
 * @param inside   what it calculates with
 * @param autocast whether that is our doing
 */
record TorchPrecision(Precision inside, boolean autocast) {

    /**
     * Has a module calculate as it is asked to.
     *
     * @throws IllegalValueException if its file has another precision already, and that is not what is asked for
     */
    static TorchPrecision of(Path file, JitModule module, LoadOptions options) {
        Precision own = narrowest(module);
        Precision asked = options.precision().orElse(own);
        if (asked == own) {
            return new TorchPrecision(own, false);
        }
        if (own != Precision.FLOAT32) {
            throw new IllegalValueException("precision", asked, own + ", which model " + file
                    + " has: export it in float32, which can be loaded in any precision");
        }
        move(module, type(asked));
        return new TorchPrecision(asked, true);
    }

    private static torch.ScalarType type(Precision precision) {
        return precision == Precision.BFLOAT16 ? torch.ScalarType.BFloat16 : torch.ScalarType.Half;
    }

    /** Of its parameters. */
    private static Precision narrowest(JitModule module) {
        Precision found = Precision.FLOAT32;
        try (parameter_list all = module.parameters()) {
            for (parameter_iterator at = all.begin(); at.notEquals(all.end()); at.increment()) {
                try (Tensor parameter = at.multiply()) {
                    found = found.coarser(TorchTensors.precision(parameter.scalar_type().value));
                }
            }
        }
        return found;
    }

    private static void move(JitModule module, torch.ScalarType type) {
        try (parameter_list all = module.parameters()) {
            for (parameter_iterator at = all.begin(); at.notEquals(all.end()); at.increment()) {
                try (Tensor parameter = at.multiply()) {
                    if (parameter.dim() >= 2 && parameter.scalar_type().intern() == torch.ScalarType.Float) {
                        try (Tensor moved = parameter.detach().to(type)) {
                            parameter.set_data(moved);
                        }
                    }
                }
            }
        }
    }

    /** Before a call of this thread, on a kind of device. */
    void begin(torch.DeviceType where) {
        if (autocast) {
            torch.set_autocast_dtype(where, type(inside));
            torch.set_autocast_enabled(where, true);
        }
    }

    /** After it, however it ended. */
    void end(torch.DeviceType where) {
        if (autocast) {
            torch.set_autocast_enabled(where, false);
        }
    }
}
