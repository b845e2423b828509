package dev.paraflux.cli;

import dev.paraflux.Progress;
import dev.paraflux.ProgressListener;
import dev.paraflux.io.ImageGrid;
import dev.paraflux.model.ModelCard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The first sample round by round, a line of pictures for each method: how fast each converges, to look at. */
final class Filmstrip {
    private static final int CELL_PIXELS = 56;
    /** Becomes the grey between the pictures, so that a cell of it is none. */
    private static final float BLANK = 0.004f;

    private final ModelCard card;
    private final int columns;
    private final List<float[][]> lines = new ArrayList<>();
    private final Map<String, List<Integer>> rounds = new LinkedHashMap<>();

    /**
     * Without a line yet.
     *
     * @throws IllegalArgumentException if the model's samples cannot be drawn
     */
    Filmstrip(ModelCard card, int columns) {
        this.card = card;
        this.columns = columns;
        grid(columns);
    }

    private ImageGrid grid(int across) {
        return Pictures.grid(card, across, CELL_PIXELS);
    }

    /** What the first sample looked like after each round of a run. */
    static final class Recorder implements ProgressListener {
        private final List<float[]> previews = new ArrayList<>();
        private final int dim;

        private Recorder(int dim) {
            this.dim = dim;
        }

        @Override
        public void onRound(Progress progress) {
            float[] preview = new float[dim];
            progress.preview(0, preview);
            previews.add(preview);
        }
    }

    /** For a run of one of the methods. */
    Recorder recorder() {
        return new Recorder(card.shape().stream().mapToInt(Integer::intValue).reduce(1, Math::multiplyExact));
    }

    /** Adds the line of a method, whose first sample took part in so many rounds. */
    void add(MethodName method, Recorder recorder, int sampleRounds) {
        List<Integer> shown = pick(sampleRounds, columns);
        lines.add(shown.stream().map(round -> recorder.previews.get(round - 1)).toArray(float[][]::new));
        rounds.put(method.text(), shown);
    }

    /** The rounds that the lines show, from 1, by the methods' names. */
    Map<String, List<Integer>> rounds() {
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

    /** Draws the lines; short ones are filled up with nothing. */
    void write(Path file) {
        int across = lines.stream().mapToInt(line -> line.length).max().orElseThrow();
        float[] blank = new float[lines.get(0)[0].length];
        Arrays.fill(blank, BLANK);
        float[][] cells = new float[across * lines.size()][];
        for (int c = 0; c < cells.length; c++) {
            float[][] line = lines.get(c / across);
            cells[c] = c % across < line.length ? line[c % across] : blank;
        }
        try {
            grid(across).writePng(file, cells);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }
}
