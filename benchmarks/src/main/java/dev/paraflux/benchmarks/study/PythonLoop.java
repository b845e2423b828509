package dev.paraflux.benchmarks.study;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** {@code benchmarks/peers/sequential_loop.py} at work: a process that draws one sample whenever it is told. */
final class PythonLoop implements AutoCloseable {
    private final Process process;
    private final BufferedWriter in;
    private final BufferedReader out;
    private final String words;

    /**
     * Starts it.
     *
     * @throws IOException if that Python cannot run it; the message says why
     */
    PythonLoop(String python, Path model, int steps, long seed, int label, int threads) throws IOException {
        process = new ProcessBuilder(List.of(python, "benchmarks/peers/sequential_loop.py", model.toString(),
                String.valueOf(steps), String.valueOf(seed), String.valueOf(label), String.valueOf(threads))).start();
        in = process.outputWriter();
        out = process.inputReader();
        String first = out.readLine();
        if (first == null) {
            String last = process.errorReader().lines().reduce("", (before, line) -> line);
            throw new IOException(python + ": " + last);
        }
        words = first;
    }

    /** Which runtime, and whose loop. */
    String words() {
        return words;
    }

    /** Draws the sample; the seconds that its loop took. */
    double seconds() throws IOException {
        return Double.parseDouble(ask("go"));
    }

    /** The sample of the last run. */
    double[] sample() throws IOException {
        return Arrays.stream(ask("sample").split(" ")).mapToDouble(Double::parseDouble).toArray();
    }

    private String ask(String question) throws IOException {
        in.write(question + "\n");
        in.flush();
        String answer = out.readLine();
        if (answer == null) {
            throw new IOException("the loop in Python ended");
        }
        return answer;
    }

    @Override
    public void close() throws IOException {
        in.close();
        process.destroy();
    }
}
