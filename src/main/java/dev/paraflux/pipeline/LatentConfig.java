package dev.paraflux.pipeline;

import dev.paraflux.json.JsonFile;
import dev.paraflux.json.JsonValue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/**
 * What {@code vae_decoder/config.json} says of the latents: what is denoised is (what the autoencoder makes - mean) / deviation,
 * channel by channel.
 *
 * @param channels  of a latent
 * @param factor    pixels of a latent, on each side
 * @param mean      of each channel
 * @param deviation of each channel, above 0
 */
record LatentConfig(int channels, int factor, List<Double> mean, List<Double> deviation) {
    private static final int MOST_HALVINGS = 6;
    private static final int MOST_CHANNELS = 256;
    /** What diffusers takes where a file does not say. */
    private static final double SCALE = 0.18215;
    /** Scales beyond are no autoencoder's, and would not leave float32 numbers finite. */
    private static final double MOST = 1e6;

    static LatentConfig read(Path folder) throws IOException {
        JsonValue json = JsonFile.read(PipelineFolder.required(folder, "config.json",
                "it tells the size and the scale of the latents")).requireObject();
        int channels = json.get("latent_channels").integer(1, MOST_CHANNELS);
        int blocks = json.get("block_out_channels").list().size();
        if (blocks < 1 || blocks > MOST_HALVINGS + 1) {
            throw json.get("block_out_channels").wrong("a list of 1 to " + (MOST_HALVINGS + 1)
                    + " numbers: pixels of a latent are halved from each to the next");
        }
        double scale = json.has("scaling_factor") ? deviation(json.get("scaling_factor")) : SCALE;
        double shift = json.has("shift_factor") ? mean(json.get("shift_factor")) : 0;
        List<Double> mean = Collections.nCopies(channels, shift);
        List<Double> deviation = Collections.nCopies(channels, 1 / scale);
        if (json.has("latents_mean") && json.has("latents_std")) {
            mean = list(json.get("latents_mean"), channels, LatentConfig::mean);
            deviation = list(json.get("latents_std"), channels, std -> deviation(std) / scale);
        }
        return new LatentConfig(channels, 1 << blocks - 1, mean, deviation);
    }

    private static double mean(JsonValue value) {
        return value.number(n -> Math.abs(n) <= MOST, "-" + MOST + " to " + MOST);
    }

    private static double deviation(JsonValue value) {
        return value.number(n -> n >= 1 / MOST && n <= MOST, 1 / MOST + " to " + MOST);
    }

    private static List<Double> list(JsonValue values, int channels, Function<JsonValue, Double> each) {
        if (values.list().size() != channels) {
            throw values.wrong("a list of " + channels + " numbers, as many as latent_channels");
        }
        return values.list(each);
    }
}
