package dev.paraflux.model;

import dev.paraflux.check.Require;
import dev.paraflux.json.Description;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What tells a model from others, as values: what is around it, from the outermost inwards, and last the model itself.
 * Two models of one identity predict the same. Immutable; what was fitted to a model keeps it.
 *
 * @param parts one or more; the last is the model
 */
public record ModelIdentity(List<Description> parts) {
    /** The setting that a digest of weights, or of other long values, is kept under: 64 hexadecimal digits. */
    public static final String SHA256 = "sha256";

    /** Copies the parts. */
    public ModelIdentity {
        parts = List.copyOf(parts);
        Require.atLeast(1, "number of parts", parts.size());
    }

    /**
     * Of a model with nothing around it. For a model of your own name a kind that no other has, and all settings that
     * change what it predicts; of weights, a digest.
     */
    public static ModelIdentity of(Description model) {
        return new ModelIdentity(List.of(model));
    }

    /** The same model with something more around it. */
    public ModelIdentity in(Description wrapper) {
        List<Description> more = new ArrayList<>();
        more.add(wrapper);
        more.addAll(parts);
        return new ModelIdentity(more);
    }

    /** The model itself. */
    public Description model() {
        return parts.get(parts.size() - 1);
    }

    /** The outermost part of a kind. */
    public Optional<Description> part(String kind) {
        return parts.stream().filter(part -> part.kind().equals(kind)).findFirst();
    }

    /** In words, for messages. */
    @Override
    public String toString() {
        return parts.stream().map(Description::toString).collect(Collectors.joining(" around "));
    }
}
