package dev.paraflux.model.onnx;

import dev.paraflux.model.Precision;
import dev.paraflux.model.pretrained.ModelInput;
import java.util.Locale;
import java.util.Optional;

/** What values of a tensor are: the types of {@code TensorProto.DataType}, whose order this is. */
enum ElementType {
    UNDEFINED, FLOAT32, UINT8, INT8, UINT16, INT16, INT32, INT64, STRING, BOOL, FLOAT16, FLOAT64, UINT32, UINT64,
    COMPLEX64, COMPLEX128, BFLOAT16, OTHER;

    /** The type of a number in a file. */
    static ElementType of(long code) {
        return code < 0 || code >= OTHER.ordinal() ? OTHER : values()[(int) code];
    }

    /** Its number in a file. */
    int code() {
        return ordinal();
    }

    /** Whether it holds fractions that a row's float32 can be turned into, and back. */
    boolean isFloating() {
        return this == FLOAT32 || this == FLOAT16 || this == FLOAT64 || this == BFLOAT16;
    }

    /** Whether it holds whole numbers that an int64 can be turned into. */
    boolean isWhole() {
        return this == INT64 || this == INT32;
    }

    /** Whether a card's input can be turned into it. */
    boolean takes(ModelInput.Type given) {
        return given == ModelInput.Type.FLOAT32 ? isFloating() : isWhole();
    }

    /** What a model with most weights of this type calculates with; empty for types that weights of layers do not have. */
    Optional<Precision> precision() {
        return switch (this) {
            case FLOAT32 -> Optional.of(Precision.FLOAT32);
            case FLOAT16 -> Optional.of(Precision.FLOAT16);
            case BFLOAT16 -> Optional.of(Precision.BFLOAT16);
            default -> Optional.empty();
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
