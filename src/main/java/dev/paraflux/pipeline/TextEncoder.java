package dev.paraflux.pipeline;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.model.ModelException;
import dev.paraflux.model.TensorValue;
import dev.paraflux.model.pretrained.LoadOptions;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;

/** A tokenizer, and the network that turns its tokens into vectors. Thread-safe. */
final class TextEncoder implements AutoCloseable {
    private static final String LAST = "last_hidden_state";
    private static final String LAYER = "hidden_states.";
    private static final String POOLED = "text_embeds";

    private final ClipTokenizer tokenizer;
    private final NetworkPart network;
    private final double normEpsilon;

    /**
     * What a text comes to.
     *
     * @param states [tokens, width]
     * @param width  of a token's vector
     * @param pooled of the whole text; null where it was not asked for
     */
    record Text(float[] states, int width, float[] pooled) {
        int tokens() {
            return states.length / width;
        }
    }

    TextEncoder(EncoderFiles files, LoadOptions options, boolean kept) throws IOException {
        tokenizer = ClipTokenizer.read(files.tokenizer(), files.length());
        String last = tokenizer.added().last();
        if (last != null && tokenizer.added().id(last) >= files.vocabulary()) {
            throw new IllegalValueException("vocab_size", files.vocabulary(), "above " + tokenizer.added().id(last)
                    + ", the id of token " + last + " of " + files.tokenizer() + ": export the text encoder after"
                    + " load_textual_inversion").in(files.model().resolveSibling("config.json").toString());
        }
        network = new NetworkPart(files.model(), options, kept);
        normEpsilon = files.normEpsilon();
    }

    /** Tokens of every text, start and end among them. */
    int length() {
        return tokenizer.length();
    }

    /** The tokens of a text. */
    ClipTokens tokens(String text) {
        return tokenizer.encode(text);
    }

    /**
     * By the last layer, or by one before it, normed as the last one.
     *
     * @param skipped layers that are left out, 0 for none
     */
    Text last(String text, int skipped) {
        Map<String, TensorValue> answers = run(text);
        Text last = text(answers.getOrDefault(LAST, answers.values().iterator().next()), null);
        if (skipped == 0) {
            return last;
        }
        Text before = text(layer(answers, 0), null);
        FinalNorm norm = FinalNorm.between(before.states(), last.states(), last.width(), normEpsilon);
        if (!norm.holds()) {
            throw new ModelException("model file " + network.file() + ": " + LAST + " is no layer norm of the last "
                    + LAYER + "K: clip_skip asks for an encoder whose last layer is followed by one, as CLIP's is");
        }
        return new Text(norm.of(text(layer(answers, skipped), null).states()), last.width(), null);
    }

    /**
     * By the last layer but one, or one before it, with the pooled vector.
     *
     * @param skipped more layers that are left out, 0 for none
     */
    Text lastButOne(String text, int skipped) {
        Map<String, TensorValue> answers = run(text);
        return text(layer(answers, 1 + skipped), answers.get(POOLED));
    }

    /** The states behind a layer, counted from the last one, which is 0. */
    private TensorValue layer(Map<String, TensorValue> answers, int fromLast) {
        int layers = 0;
        while (answers.containsKey(LAYER + layers)) {
            layers++;
        }
        if (layers <= fromLast) {
            throw new ModelException("model file " + network.file() + " answers " + answers.keySet() + ", and not "
                    + LAYER + "0, " + LAYER
                    + "1, ...: export it with the states of all its layers, as tools/export_pipeline.py does");
        }
        return answers.get(LAYER + (layers - 1 - fromLast));
    }

    private Map<String, TensorValue> run(String text) {
        long[] ids = tokenizer.encode(text).ids();
        return network.run("a text encoder takes input_ids alone", TensorValue.of(ids, 1, ids.length));
    }

    private Text text(TensorValue states, TensorValue pooled) {
        int[] shape = states.shape();
        if (shape.length != 3 || shape[0] != 1 || shape[1] != tokenizer.length()) {
            throw new ModelException("model file " + network.file() + " answers " + states + ", and not [1, "
                    + tokenizer.length() + ", width], the vectors of " + tokenizer.length() + " tokens");
        }
        return new Text(states.floats(), shape[2], pooled == null ? null : pooled.floats());
    }

    /** The pooled vector, which must be there. */
    float[] pooled(Text text) {
        if (text.pooled() == null) {
            throw new ModelException("model file " + network.file() + " does not answer " + POOLED
                    + ": export it with its projection (CLIPTextModelWithProjection)");
        }
        return text.pooled();
    }

    /** Several texts' vectors side by side, token by token, in rows of a width; what is left of it is 0. */
    static float[] beside(int tokens, int width, Text... texts) {
        float[] all = new float[tokens * width];
        int at = 0;
        for (Text text : texts) {
            for (int k = 0; k < text.tokens(); k++) {
                System.arraycopy(text.states(), k * text.width(), all, k * width + at, text.width());
            }
            at += text.width();
        }
        return all;
    }

    /** Two vectors one after the other. */
    static float[] after(float[] first, float[] second) {
        float[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    @Override
    public void close() {
        network.close();
    }
}
