package dev.paraflux.cli.report;

import dev.paraflux.cli.option.Outputs;
import dev.paraflux.device.Device;
import dev.paraflux.io.AtomicFile;
import dev.paraflux.plan.Machine;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A page to look at: one file, which needs nothing beside it and asks nobody for anything. */
public final class Page {
    /** Words that a shell takes as they are. */
    private static final Pattern PLAIN = Pattern.compile("[\\w@%+=:,./-]+");
    private static final Pattern HOLE = Pattern.compile("\\$\\{(\\w+)}");

    private Page() {}

    /**
     * What was measured with, in words, by names.
     *
     * @param version of this program
     * @param device  where rows lay
     */
    public static Map<String, String> machine(String version, Device device) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Paraflux", version);
        facts.put("Java", Runtime.version().toString());
        facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                + System.getProperty("os.arch"));
        facts.put("machine", Machine.of(device).toString());
        return facts;
    }

    /**
     * What was asked for, in words, by names.
     *
     * @param typed the command's arguments
     * @param drawn what they came to
     */
    public static Map<String, String> asked(List<String> typed, Map<String, String> drawn) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("command", command(typed));
        facts.putAll(drawn);
        return facts;
    }

    /**
     * A command as it is typed in a shell, by its words.
     *
     * @param words any; those that a shell would take apart are put in quotes
     */
    public static String command(List<String> words) {
        return words.stream()
                .map(word -> PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
    }

    /** A template with its holes filled; each piece is HTML. */
    static String fill(String template, Map<String, String> pieces) {
        return HOLE.matcher(text(template)).replaceAll(hole -> Matcher.quoteReplacement(pieces.get(hole.group(1))));
    }

    private static String text(String template) {
        try (InputStream in = Page.class.getResourceAsStream(template)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Writes a page, all of it or nothing.
     *
     * @param title   in words
     * @param body    HTML
     * @param machine what it was measured with, by names
     * @param script  HTML; may be empty
     */
    static void write(Path file, String title, String body, Map<String, String> machine, String script) {
        Map<String, String> pieces = new LinkedHashMap<>();
        pieces.put("title", Html.text(title));
        pieces.put("body", body);
        pieces.put("machine", Html.facts(machine));
        pieces.put("script", script);
        byte[] page = fill("page.html", pieces).getBytes(StandardCharsets.UTF_8);
        Outputs.write(() -> AtomicFile.write(file, out -> out.write(page)));
    }
}
