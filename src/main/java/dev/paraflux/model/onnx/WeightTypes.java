package dev.paraflux.model.onnx;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.model.Precision;
import dev.paraflux.model.onnx.ProtoMessage.Field;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** What a graph calculates with: the coarsest numbers that a fair part of its weights are. */
final class WeightTypes {
    /** Half precision leaves embeddings of times and norms in float32. */
    private static final double FAIR = 0.1;
    private static final int SIZE = 1;
    private static final int TYPE = 2;

    private WeightTypes() {}

    /**
     * The precision of a graph; where it has no weights, of its x.
     *
     * @param asked what was asked for
     * @throws IllegalValueException if the file has another
     */
    static Precision precision(OnnxGraph graph, GraphValue x, Optional<Precision> asked) throws IOException {
        Map<Precision, Double> values = new EnumMap<>(Precision.class);
        for (Field field : graph.graph().all(OnnxGraph.INITIALIZER).toList()) {
            ProtoMessage tensor = field.message();
            Optional<Precision> one = ElementType.of(tensor.value(TYPE)).precision();
            if (one.isPresent()) {
                values.merge(one.get(), values(tensor), Double::sum);
            }
        }
        x.type().precision().ifPresent(one -> values.merge(one, 0.0, Double::sum));
        double all = values.values().stream().mapToDouble(Double::doubleValue).sum();
        Precision found = values.entrySet().stream().filter(one -> one.getValue() >= FAIR * all).map(Map.Entry::getKey)
                .max(Comparator.comparingDouble(Precision::rounding)).orElse(Precision.FLOAT32);
        if (asked.isPresent() && asked.get() != found) {
            throw refused(graph.file(), found, asked.get());
        }
        return found;
    }

    private static IllegalValueException refused(Path file, Precision found, Precision asked) {
        return new IllegalValueException("precision", asked,
                found + ", which the graph of " + file + " calculates with:"
                        + " what an ONNX graph has it keeps; export the model in " + asked + " (tools/README.md)");
    }

    private static double values(ProtoMessage tensor) throws IOException {
        double values = 1;
        for (Field size : tensor.fields()) {
            if (size.number() == SIZE && size.bytes() == null) {
                values *= size.value();
            } else if (size.number() == SIZE) {
                for (long one : ProtoMessage.numbers(size.bytes())) {
                    values *= one;
                }
            }
        }
        return values;
    }
}
