package dev.paraflux.benchmarks.figures;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One run of one benchmark: what it was, on which machine, and its table. A cell that is a number is a number of the JSON file,
 * with as many digits as were printed.
 *
 * @param purpose what it is, why it is measured, and beside what
 * @param run     when, where and how
 * @param columns of the table; the first ones name the row
 * @param rows    as many cells each as there are columns
 * @param notes   what was printed beside the table
 */
public record Measured(Purpose purpose, Run run, List<String> columns, List<List<String>> rows, List<String> notes) {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES).build();

    /**
     * @param name     of the benchmark, and of its files
     * @param what     is measured
     * @param hazard   what would go unseen if it were not
     * @param baseline what stands beside it
     * @param limit    what it could be at best
     * @param command  that measures it
     */
    public record Purpose(String name, String what, String hazard, String baseline, String limit, String command) {}

    /**
     * @param date    of its end, in ISO form
     * @param commit  of the code; ends in {@code +} where files differed from it
     * @param machine processor, cores, memory, system
     * @param jdk     version and vendor
     * @param load    load average before and after
     * @param seconds that it took
     */
    public record Run(String date, String commit, String machine, String jdk, String load, long seconds) {
        /** The same in one line. */
        public String line() {
            return date + ", commit " + commit + ", " + machine + ", JDK " + jdk + ", load average " + load + ", "
                    + seconds
                    + " s";
        }
    }

    /** @throws IOException if it cannot be read, or is none */
    public static Measured read(Path file) throws IOException {
        JsonNode json = JSON.readTree(file.toFile());
        Purpose purpose = new Purpose(text(json, "name"), text(json, "what"), text(json, "hazard"),
                text(json, "baseline"),
                text(json, "limit"), text(json, "command"));
        JsonNode run = json.path("run");
        Run ran = new Run(text(run, "date"), text(run, "commit"), text(run, "machine"), text(run, "jdk"),
                text(run, "load"),
                run.path("seconds").asLong());
        List<List<String>> rows = new ArrayList<>();
        json.path("rows").forEach(row -> rows.add(texts(row)));
        return new Measured(purpose, ran, texts(json.path("columns")), rows, texts(json.path("notes")));
    }

    private static String text(JsonNode json, String key) throws IOException {
        if (!json.path(key).isTextual()) {
            throw new IOException("no " + key + " in a file of results");
        }
        return json.path(key).asText();
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(cell -> texts.add(cell.isNumber() ? cell.decimalValue().toPlainString() : cell.asText()));
        return texts;
    }

    /** Writes it as {@code NAME.json} in a folder, whole or not at all. */
    public void write(Path folder) throws IOException {
        ObjectNode json = JSON.createObjectNode();
        json.put("name", purpose.name()).put("what", purpose.what()).put("hazard", purpose.hazard())
                .put("baseline", purpose.baseline()).put("limit", purpose.limit()).put("command", purpose.command());
        json.putObject("run").put("date", run.date()).put("commit", run.commit()).put("machine", run.machine())
                .put("jdk", run.jdk()).put("load", run.load()).put("seconds", run.seconds());
        ArrayNode names = json.putArray("columns");
        columns.forEach(names::add);
        ArrayNode table = json.putArray("rows");
        rows.forEach(row -> {
            ArrayNode cells = table.addArray();
            row.forEach(cell -> number(cell).ifPresentOrElse(cells::add, () -> cells.add(cell)));
        });
        ArrayNode lines = json.putArray("notes");
        notes.forEach(lines::add);
        Path beside = folder.resolve(purpose.name() + ".json.part");
        Files.writeString(beside, JSON.writeValueAsString(json) + "\n");
        Files.move(beside, folder.resolve(purpose.name() + ".json"), StandardCopyOption.REPLACE_EXISTING);
    }

    private static Optional<BigDecimal> number(String cell) {
        return cell.matches("-?(0|[1-9]\\d*)(\\.\\d+)?") ? Optional.of(new BigDecimal(cell)) : Optional.empty();
    }

    /**
     * The table in Markdown.
     *
     * @param wanted columns, in this order; all of them if there are none
     */
    public String table(List<String> wanted) {
        List<String> shown = wanted.isEmpty() ? columns : wanted;
        List<Integer> places = shown.stream().map(this::place).toList();
        StringBuilder table = new StringBuilder(line(shown) + "|---".repeat(shown.size()) + "|\n");
        rows.forEach(row -> table.append(line(places.stream().map(row::get).toList())));
        return table.toString();
    }

    private static String line(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }

    private int place(String column) {
        int place = columns.indexOf(column);
        if (place < 0) {
            throw new IllegalStateException(purpose.name() + " has no column " + column + ", but " + columns);
        }
        return place;
    }

    /**
     * The cell of the first row that begins so.
     *
     * @param labels the first cells of the row
     * @return empty if there is no such row
     */
    Optional<String> cell(List<String> labels, String column) {
        int place = place(column);
        return rows.stream().filter(row -> row.subList(0, labels.size()).equals(labels)).findFirst()
                .map(row -> row.get(place));
    }
}
