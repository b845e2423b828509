package dev.paraflux.benchmarks.figures;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Puts the figures of {@code benchmarks/results} between the marks of the pages. A mark is a comment of Markdown, which nobody
 * sees; what stands between it and the next {@code end} is the file's:
 *
 * <pre>
 * &lt;!--from wall; 1000; SRDS; speed-up--&gt;7.8&lt;!--end--&gt;        a cell: file, first cells of the row, column
 * &lt;!--table wall; N; method; speed-up--&gt; ... &lt;!--end--&gt;      a table: file, columns, all if none is named
 * &lt;!--run wall--&gt; ... &lt;!--end--&gt;                           when and where it was measured
 * </pre>
 *
 * <p>What no run has measured yet, or the last one left out, is {@value #NONE}; a column that there is not is an error.
 */
public final class Pages {
    /** What stands where nothing was measured. */
    public static final String NONE = "not measured";

    private static final Pattern MARK = Pattern.compile("<!--(from|table|run) ([^>]*?)-->(.*?)<!--end-->",
            Pattern.DOTALL);
    private static final String END = "<!--end-->";
    private static final String SUMMARY = "README.md";

    private final Map<String, Measured> results = new TreeMap<>();

    /** @param folder of results */
    public Pages(Path folder) throws IOException {
        for (Path file : files(folder, ".json")) {
            Measured measured = Measured.read(file);
            results.put(measured.purpose().name(), measured);
        }
    }

    /** @param arguments the root of the source tree */
    public static void main(String[] arguments) throws IOException {
        fill(Path.of(arguments[0]));
    }

    /** Writes the summary of the results, and the figures into every page. */
    public static void fill(Path root) throws IOException {
        Path folder = root.resolve("benchmarks/results");
        Pages pages = new Pages(folder);
        Files.writeString(folder.resolve(SUMMARY), pages.summary());
        for (Path page : pages(root)) {
            String text = Files.readString(page);
            String filled = pages.filled(text);
            if (!filled.equals(text)) {
                Files.writeString(page, filled);
            }
        }
    }

    /** All pages that may have marks. */
    static List<Path> pages(Path root) throws IOException {
        List<Path> pages = new ArrayList<>(List.of(root.resolve("README.md"), root.resolve("benchmarks/README.md")));
        pages.addAll(files(root.resolve("docs"), ".md"));
        return pages;
    }

    private static List<Path> files(Path folder, String end) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(end)).sorted().toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** The page with the figures of the results. */
    String filled(String page) {
        Matcher mark = MARK.matcher(page);
        StringBuilder filled = new StringBuilder();
        while (mark.find()) {
            List<String> address = List.of(mark.group(2).split("; "));
            String figure = figure(mark.group(1), address);
            String begin = mark.group().substring(0, mark.group().indexOf("-->") + 3);
            mark.appendReplacement(filled, Matcher.quoteReplacement(begin + figure + END));
        }
        mark.appendTail(filled);
        return filled.toString();
    }

    /** How many marks a page has. */
    static long marks(String page) {
        return MARK.matcher(page).results().count();
    }

    private String figure(String kind, List<String> address) {
        Measured measured = results.get(address.get(0));
        if (measured == null) {
            return NONE;
        }
        int last = address.size() - 1;
        return switch (kind) {
            case "from" -> measured.cell(address.subList(1, last), address.get(last)).orElse(NONE);
            case "table" -> "\n\n" + measured.table(address.subList(1, address.size())) + "\n";
            default -> measured.run().line();
        };
    }

    /** The names of results in a page's marks. */
    static Set<String> names(String page) {
        return MARK.matcher(page).results().map(mark -> mark.group(2).split("; ")[0]).collect(Collectors.toSet());
    }

    /** All results on one page. */
    String summary() {
        StringBuilder text = new StringBuilder("""
                # Results

                Written by `benchmarks/run`, from the JSON files beside it. [How to read them](../README.md).
                """);
        results.values().forEach(measured -> {
            Measured.Purpose purpose = measured.purpose();
            text.append("\n## ").append(purpose.name()).append("\n\n").append(purpose.what()).append("\n\n");
            text.append("- Hazard: ").append(purpose.hazard()).append("\n- Baseline: ").append(purpose.baseline());
            text.append("\n- Limit: ").append(purpose.limit()).append("\n- Measured by `").append(purpose.command());
            text.append("`: ").append(measured.run().line()).append("\n\n").append(measured.table(List.of()));
            measured.notes().forEach(note -> text.append("\n").append(note).append("\n"));
        });
        return text.toString();
    }
}
