package dev.paraflux.cli.report;

import dev.paraflux.cli.option.Look;
import dev.paraflux.cli.option.MethodName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The first sample round by round, a line of pictures for each method: how fast each converges, to look at. */
public final class Filmstrip {
    private final int columns;
    private final PictureLines lines;
    private final Map<String, List<Integer>> rounds = new LinkedHashMap<>();

    /**
     * Without a line yet.
     *
     * @throws IllegalArgumentException if the model's samples cannot be drawn
     */
    public Filmstrip(Look look, int columns) {
        this.columns = columns;
        lines = new PictureLines(look);
    }

    /** Adds the line of a method, whose first sample took part in so many rounds. */
    public void add(MethodName method, RoundRecorder recorder, int sampleRounds) {
        List<Integer> shown = pick(sampleRounds, columns);
        lines.add(method.text(), shown.stream().map(String::valueOf).toList(),
                shown.stream().map(recorder::preview).toArray(float[][]::new));
        rounds.put(method.text(), shown);
    }

    /** The rounds that the lines show, from 1, by the methods' names. */
    public Map<String, List<Integer>> rounds() {
        return rounds;
    }

    /** So many of the rounds, evenly, the first and the last among them; all of them if they are no more. */
    static List<Integer> pick(int rounds, int most) {
        List<Integer> picked = new ArrayList<>();
        int count = Math.min(rounds, most);
        for (int i = 0; i < count; i++) {
            picked.add(i == 0 ? 1 : 1 + (int) Math.round((double) i * (rounds - 1) / (count - 1)));
        }
        return picked;
    }

    /** Draws the lines. */
    public void write(Path file) {
        lines.write(file);
    }
}
