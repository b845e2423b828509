package dev.paraflux.cli.report;

import dev.paraflux.io.ImageGrid;
import java.util.List;

/**
 * How far samples in [-1, 1] are from those of a reference, in pixels of 0 to 255: what an eye could see.
 *
 * @param max  the largest difference there is
 * @param mean the mean over all pixels of all samples
 */
public record PixelDifference(double max, double mean) {

    /** Of samples from as many others, in their order and of their sizes. */
    public static PixelDifference between(List<float[]> samples, List<float[]> reference) {
        double max = 0;
        double sum = 0;
        long count = 0;
        for (int s = 0; s < samples.size(); s++) {
            float[] values = samples.get(s);
            float[] expected = reference.get(s);
            for (int i = 0; i < values.length; i++) {
                double difference = Math.abs(pixel(values[i]) - pixel(expected[i]));
                max = Math.max(max, difference);
                sum += difference;
            }
            count += values.length;
        }
        return new PixelDifference(max, sum / count);
    }

    /** Not rounded: half a pixel is half a pixel. */
    private static double pixel(float value) {
        return Math.max(0, Math.min(255, (value + 1.0) * ImageGrid.PIXELS_OF_UNIT));
    }
}
