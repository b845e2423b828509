package dev.paraflux.benchmarks.study;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * How long a person waits who types {@code ./paraflux sample}, with everything built: from the start of the launcher to its end,
 * and what of it is sampling, and the model alone. The limit is the model's time.
 *
 * <pre>benchmarks/run study FirstPicture [RUNS]</pre>
 */
public final class FirstPicture {
    private FirstPicture() {}

    /** @param arguments how often; 10 if not given */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int runs = arguments.length == 0 ? 10 : Integer.parseInt(arguments[0]);
        Path picture = Files.createTempFile("paraflux", ".png");
        double[] all = new double[runs];
        double[] sampling = new double[runs];
        double[] model = new double[runs];
        // The first run builds what is not built, and reads files from the disk.
        for (int run = -1; run < runs; run++) {
            long begin = System.nanoTime();
            Process process = new ProcessBuilder("./paraflux", "sample", "--json", "--out", picture.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT).start();
            JsonNode told = new ObjectMapper().readTree(process.getInputStream());
            int code = process.waitFor();
            if (code != 0) {
                throw new IllegalStateException("./paraflux sample ended with " + code);
            }
            if (run >= 0) {
                all[run] = (System.nanoTime() - begin) * 1e-9;
                sampling[run] = told.get("seconds").asDouble();
                model[run] = told.get("modelSeconds").asDouble();
            }
        }
        Files.delete(picture);
        System.out.println("| what | p50, s | p99, s | least, s | share of limit |");
        System.out.println("|---|---|---|---|---|");
        print("from the command to its end", all, model);
        print("sampling: ten digits, 25 steps", sampling, model);
        print("of it in the model", model, model);
    }

    private static void print(String what, double[] seconds, double[] limit) {
        Arrays.sort(seconds);
        Arrays.sort(limit);
        int last = seconds.length - 1;
        System.out.printf(Locale.ROOT, "| %s | %.2f | %.2f | %.2f | %.2f |%n", what, seconds[last / 2], seconds[last],
                seconds[0], limit[last / 2] / seconds[last / 2]);
    }
}
