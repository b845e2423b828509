package dev.paraflux.pipeline;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.model.Condition;
import dev.paraflux.model.ModelException;
import dev.paraflux.model.TensorValue;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.ModelInput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Turns prompts into what a pipeline's denoiser is asked for. The {@value #KEPT} prompts met last are kept, so that a negative prompt
 * that all requests share is encoded once. Thread-safe.
 */
final class Prompts implements AutoCloseable {
    private static final int KEPT = 16;
    /** Tokens of T5, whose vectors are zeros where they are not given. */
    private static final int T5_TOKENS = 256;

    static final String STATES = "encoder_hidden_states";
    private static final String XL_POOLED = "text_embeds";
    private static final String XL_SIZES = "time_ids";
    private static final String SD3_POOLED = "pooled_projections";

    /** A prompt, or null for none, and the layers that are left out of its encoders. */
    private record Asked(String prompt, int skipped) {}

    private final PipelineFolder folder;
    private final PictureSize size;
    private final List<TextEncoder> encoders = new ArrayList<>();
    private final Map<Asked, Condition> kept = new LinkedHashMap<>(KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Asked, Condition> eldest) {
            return size() > KEPT;
        }
    };

    Prompts(PipelineFolder folder, PictureSize size, LoadOptions options, boolean keepParts) throws IOException {
        this.folder = folder;
        this.size = size;
        for (EncoderFiles files : folder.encoderFiles()) {
            encoders.add(new TextEncoder(files, options, keepParts));
            requireTokens(files, encoders.get(encoders.size() - 1).length());
        }
    }

    /** What a denoiser is given of two encoders stands side by side, token by token. */
    private void requireTokens(EncoderFiles files, int found) {
        int wanted = encoders.get(0).length();
        if (found != wanted) {
            throw new IllegalValueException("number of tokens", found, wanted + ", as the first text encoder and its"
                    + " tokenizer have: max_position_embeddings or model_max_length, whichever is less")
                    .in(files.tokenizer().toString());
        }
    }

    /** What the denoiser takes besides x and t. */
    List<ModelInput> inputs() {
        int tokens = encoders.get(0).length();
        DenoiserConfig denoiser = folder.denoiser();
        List<ModelInput> weight = denoiser.guidance() == 0 ? List.of()
                : List.of(GuidanceVector.input(denoiser.guidance()));
        return Stream.concat(texts(tokens, denoiser).stream(), weight.stream()).toList();
    }

    private List<ModelInput> texts(int tokens, DenoiserConfig denoiser) {
        return switch (folder.kind()) {
            case STABLE_DIFFUSION, LATENT_CONSISTENCY -> List.of(input(STATES, tokens, denoiser.text()));
            case STABLE_DIFFUSION_XL -> List.of(input(STATES, tokens, denoiser.text()),
                    input(XL_POOLED, denoiser.pooled()), input(XL_SIZES, DenoiserConfig.SIZES));
            case STABLE_DIFFUSION_3 -> List.of(input(STATES, tokens + T5_TOKENS, denoiser.text()),
                    input(SD3_POOLED, denoiser.pooled()));
        };
    }

    private static ModelInput input(String name, Integer... shape) {
        return new ModelInput(name, ModelInput.Type.FLOAT32, List.of(shape), 0, OptionalInt.empty());
    }

    /** The end of a prompt that not every encoder has room for; empty if all was taken. */
    String lost(String prompt) {
        String longest = "";
        for (TextEncoder encoder : encoders) {
            String lost = encoder.tokens(prompt).lost();
            longest = lost.length() > longest.length() ? lost : longest;
        }
        return longest;
    }

    /**
     * What a picture's prompt asks for.
     *
     * @throws IllegalValueException if more layers are left out than there are, or T5's vectors are not what they must be
     */
    Condition condition(PictureRequest picture) {
        PictureRequest.Text text = picture.text();
        folder.requireClipSkip(text.clipSkip());
        Condition known;
        synchronized (this) {
            known = kept(new Asked(text.prompt(), text.clipSkip()));
        }
        return weighted(withT5(known, text.t5()), picture.guidance());
    }

    /**
     * The same with the guidance weight, where the denoiser takes it.
     *
     * @param weight null for what is usual
     */
    Condition weighted(Condition text, Double weight) {
        int width = folder.denoiser().guidance();
        return width == 0 ? text
                : GuidanceVector.with(text, weight == null ? folder.kind().guidance() : weight, width);
    }

    private Condition kept(Asked asked) {
        Condition known = kept.get(asked);
        if (known == null) {
            known = encode(asked.prompt(), asked.skipped());
            kept.put(asked, known);
        }
        return known;
    }

    /** The same with what T5 makes of the text; null where it is not given, for zeros. */
    Condition withT5(Condition condition, TensorValue t5) {
        if (folder.needsT5() && t5 == null) {
            throw IllegalValueException.missing("T5's vectors", "given for each text, as pipeline " + folder.folder()
                    + " has a text_encoder_3, which is not run here: tools/t5_vectors.py writes them; to draw without T5"
                    + " write [null, null] for text_encoder_3 in its model_index.json");
        }
        if (t5 == null) {
            return condition;
        }
        if (folder.kind() != PipelineKind.STABLE_DIFFUSION_3) {
            throw new IllegalValueException("T5's vectors", t5, "left out for pipeline " + folder.folder()
                    + ", which is not of Stable Diffusion 3");
        }
        int width = folder.denoiser().text();
        if (t5.isWhole() || !t5.hasShape(List.of(T5_TOKENS, width))) {
            throw new IllegalValueException("T5's vectors", t5, "float32 [" + T5_TOKENS + ", " + width + "]");
        }
        Map<String, TensorValue> values = new TreeMap<>(((Condition.Tensors) condition).values());
        float[] all = values.get(STATES).floats();
        float[] last = t5.floats();
        System.arraycopy(last, 0, all, all.length - last.length, last.length);
        values.put(STATES, value(all, all.length / width, width));
        return Condition.tensors(values);
    }

    /** What is led away from: a prompt, or null for none. By all layers: diffusers leaves none out of a negative prompt. */
    synchronized Condition unconditional(String prompt) {
        if (prompt != null || !folder.zerosForNone()) {
            return kept(new Asked(prompt == null ? "" : prompt, 0));
        }
        Asked none = new Asked(null, 0);
        Condition known = kept.get(none);
        if (known == null) {
            Condition.Tensors empty = (Condition.Tensors) kept(new Asked("", 0));
            known = empty.withZeros(STATES, XL_POOLED);
            kept.put(none, known);
        }
        return known;
    }

    private Condition encode(String prompt, int skipped) {
        return switch (folder.kind()) {
            case STABLE_DIFFUSION, LATENT_CONSISTENCY -> {
                TextEncoder.Text text = encoders.get(0).last(prompt, skipped);
                requireWidth(text.width(), folder.denoiser().text(), "width of the text's vectors");
                yield Condition.tensors(Map.of(STATES, value(text.states(), text.tokens(), text.width())));
            }
            case STABLE_DIFFUSION_XL -> {
                TextEncoder.Text first = encoders.get(0).lastButOne(prompt, skipped);
                TextEncoder.Text second = encoders.get(1).lastButOne(prompt, skipped);
                int width = folder.denoiser().text();
                requireWidth(first.width() + second.width(), width, "width of both texts' vectors");
                float[] pooled = encoders.get(1).pooled(second);
                requireWidth(pooled.length, folder.denoiser().pooled(), "length of the pooled vector");
                // The size of the picture that it would be a cut of, where the cut begins, and its own size.
                float[] sizes = {size.height(), size.width(), 0, 0, size.height(), size.width()};
                yield Condition.tensors(Map.of(STATES,
                        value(TextEncoder.beside(first.tokens(), width, first, second), first.tokens(), width),
                        XL_POOLED,
                        value(pooled, pooled.length), XL_SIZES, value(sizes, DenoiserConfig.SIZES)));
            }
            case STABLE_DIFFUSION_3 -> {
                TextEncoder.Text first = encoders.get(0).lastButOne(prompt, skipped);
                TextEncoder.Text second = encoders.get(1).lastButOne(prompt, skipped);
                int width = folder.denoiser().text();
                if (first.width() + second.width() > width) {
                    requireWidth(first.width() + second.width(), width, "width of both texts' vectors");
                }
                int tokens = first.tokens() + T5_TOKENS;
                float[] pooled = TextEncoder.after(encoders.get(0).pooled(first), encoders.get(1).pooled(second));
                requireWidth(pooled.length, folder.denoiser().pooled(), "length of the pooled vectors");
                yield Condition.tensors(Map.of(STATES,
                        value(TextEncoder.beside(tokens, width, first, second), tokens, width), SD3_POOLED,
                        value(pooled, pooled.length)));
            }
        };
    }

    private static TensorValue value(float[] values, int... shape) {
        return TensorValue.of(values, shape);
    }

    private void requireWidth(int found, int wanted, String what) {
        if (found != wanted) {
            throw new ModelException("pipeline " + folder.folder() + ": the " + what + " is " + found + ", and "
                    + folder.kind().denoiser() + "/config.json says " + wanted
                    + ": its text encoders are not those of its "
                    + folder.kind().denoiser());
        }
    }

    @Override
    public void close() {
        encoders.forEach(TextEncoder::close);
    }
}
