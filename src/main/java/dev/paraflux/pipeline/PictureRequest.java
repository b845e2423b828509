package dev.paraflux.pipeline;

import dev.paraflux.check.Require;
import dev.paraflux.model.TensorValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * One picture to draw. Immutable: arrays are copied when a request is made. Requests that are drawn together may differ in all
 * of it.
 */
public final class PictureRequest {
    private final Text text;
    private final Weight guidance;
    private final Noise noise;
    private final Begin begin;

    /** What it shows, by how many layers less, and what it is led away from; what T5 makes of them, or null. */
    record Text(String prompt, int clipSkip, String negative, TensorValue t5, TensorValue negativeT5) {}

    /** How it is guided; the weight is null for what is usual. */
    record Weight(Double guidance, double rescale) {
        static final Weight USUAL = new Weight(null, 0);
    }

    /**
     * Which noise is drawn: the part of one of several pictures in the stream of a generator; whether all of these begin from
     * one picture, which is encoded once for them.
     */
    record Noise(long seed, int number, int of, boolean onePicture, float[] start) {}

    /** What it begins from; arrays are null where there is none. */
    record Begin(float[] picture, double strength, float[] mask) {
        static final Begin NOISE = new Begin(null, 1, null);
    }

    private PictureRequest(Text text, Weight guidance, Noise noise, Begin begin) {
        this.text = text;
        this.guidance = guidance;
        this.noise = noise;
        this.begin = begin;
    }

    /** A picture of what a text says, of seed 0, guided as its kind of pipeline is. */
    public static PictureRequest of(String prompt) {
        return new PictureRequest(new Text(Objects.requireNonNull(prompt, "prompt"), 0, null, null, null), Weight.USUAL,
                new Noise(0, 0, 1, false, null), Begin.NOISE);
    }

    /** The same led away from what another text says. */
    public PictureRequest without(String negativePrompt) {
        return new PictureRequest(
                new Text(text.prompt(), text.clipSkip(), Objects.requireNonNull(negativePrompt, "negativePrompt"),
                        text.t5(), text.negativeT5()),
                guidance, noise, begin);
    }

    /**
     * The same with what T5 makes of both texts, for Stable Diffusion 3: its {@code text_encoder_3} is not run here, and
     * {@code tools/t5_vectors.py} writes what it answers.
     *
     * @param ofPrompt   float32 [256, width], width as the transformer's {@code joint_attention_dim}
     * @param ofNegative likewise; of the empty text where nothing is led away from
     */
    public PictureRequest withT5(TensorValue ofPrompt, TensorValue ofNegative) {
        return new PictureRequest(
                new Text(text.prompt(), text.clipSkip(), text.negative(), Objects.requireNonNull(ofPrompt, "ofPrompt"),
                        Objects.requireNonNull(ofNegative, "ofNegative")),
                guidance, noise, begin);
    }

    /**
     * The same with layers of the text encoders left out for the prompt, as diffusers' {@code clip_skip} does: the negative
     * prompt goes through all of them, there and here. Stable Diffusion 1 and 2 norm what is left as they norm the last layer.
     *
     * @param layers from 0, for none; a pipeline says how many it has, {@link PipelineFolder#requireClipSkip}, and its text
     *               encoders must answer the states of all their layers
     */
    public PictureRequest withClipSkip(int layers) {
        return new PictureRequest(new Text(text.prompt(), Require.atLeast(0, "clipSkip", layers), text.negative(),
                text.t5(), text.negativeT5()), guidance, noise, begin);
    }

    /**
     * The same with another weight of guidance, finite: 1 and less for none, as in diffusers ({@code guidance_scale}). For the
     * unconditional model, or a weight between, guide a {@link TextToImage#request} of it.
     */
    public PictureRequest withGuidance(double weight) {
        return new PictureRequest(text, new Weight(Require.finite("guidance", weight), guidance.rescale()), noise,
                begin);
    }

    /**
     * The same with guided predictions brought back to the deviation of unguided ones, as diffusers'
     * {@code guidance_rescale} does: {@link dev.paraflux.model.GuidanceOptions#withRescale}.
     *
     * @param phi 0 (not at all) to 1
     */
    public PictureRequest withRescale(double phi) {
        return new PictureRequest(text, new Weight(guidance.guidance(), Require.between(0.0, 1.0, "rescale", phi)),
                noise,
                begin);
    }

    /** The same from another seed: the noise is what a {@code torch.Generator} of this seed draws for diffusers. */
    public PictureRequest withSeed(long seed) {
        return new PictureRequest(text, guidance, new Noise(seed, 0, 1, false, noise.start()), begin);
    }

    /**
     * The same pictures with noise of one generator, as diffusers draws it when it is asked for several at once with one
     * {@code generator}, and not with a list of them ({@code num_images_per_prompt}). Where all of them begin from the same
     * picture, it is drawn for once; where they begin from several, for each in turn. Say what they begin from before.
     */
    public static List<PictureRequest> ofOneGenerator(long seed, List<PictureRequest> requests) {
        List<PictureRequest> all = new ArrayList<>();
        boolean onePicture = requests.stream().allMatch(one -> one.begin.picture() != null
                && Arrays.equals(one.begin.picture(), requests.get(0).begin.picture()));
        for (PictureRequest one : requests) {
            all.add(new PictureRequest(one.text, one.guidance,
                    new Noise(seed, all.size(), requests.size(), onePicture, one.noise.start()), one.begin));
        }
        return List.copyOf(all);
    }

    /**
     * The same from this start noise, one value of each latent: diffusers' {@code latents}. Noise of the steps is what the seed
     * gives first then.
     */
    public PictureRequest withStart(float[] latents) {
        return new PictureRequest(text, guidance,
                new Noise(noise.seed(), noise.number(), noise.of(), noise.onePicture(), latents.clone()), begin);
    }

    /**
     * The same, but beginning from a picture (SDEdit, arXiv 2108.01073).
     *
     * @param picture  [3, height, width], -1 to 1
     * @param strength above 0 (it stays) to 1 (hardly anything of it is left): the share of the steps that are taken
     */
    public PictureRequest withPicture(float[] picture, double strength) {
        Require.that(strength > 0 && strength <= 1, "strength", strength, "above 0, to 1");
        return new PictureRequest(text, guidance, noise,
                new Begin(picture.clone(), strength, begin.mask()));
    }

    /**
     * The same, but with the picture kept where a mask is 0: what {@link #withPicture} was given.
     *
     * @param mask [height, width], 0 (known) to 1 (to paint); latents are painted or not, see {@link Pipeline#latentMask}
     */
    public PictureRequest withMask(float[] mask) {
        Require.that(begin.picture() != null, "picture", "none", "given before its mask");
        return new PictureRequest(text, guidance, noise,
                new Begin(begin.picture(), begin.strength(), mask.clone()));
    }

    /** What it shows. */
    public String prompt() {
        return text.prompt();
    }

    /** Layers of the text encoders that are left out for the prompt, 0 for none. */
    public int clipSkip() {
        return text.clipSkip();
    }

    /** What it is led away from, or null. */
    public String negativePrompt() {
        return text.negative();
    }

    /** The weight, or null for what is usual. */
    public Double guidance() {
        return guidance.guidance();
    }

    /** How far guided predictions are brought back to the deviation of unguided ones, 0 to 1. */
    public double rescale() {
        return guidance.rescale();
    }

    /** Of all noise that is not given. */
    public long seed() {
        return noise.seed();
    }

    Text text() {
        return text;
    }

    Noise noise() {
        return noise;
    }

    Begin begin() {
        return begin;
    }

    @Override
    public String toString() {
        return "PictureRequest[\"" + text.prompt() + "\""
                + (text.negative() == null ? "" : " without \"" + text.negative() + "\"")
                + ", seed "
                + Long.toUnsignedString(noise.seed()) + (begin.picture() == null ? "" : ", from a picture")
                + (begin.mask() == null ? "" : " with a mask") + "]";
    }
}
