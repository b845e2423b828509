package dev.paraflux.cli.report;

import dev.paraflux.Sample;
import dev.paraflux.cli.option.Look;
import dev.paraflux.cli.option.Outputs;
import dev.paraflux.device.Device;
import dev.paraflux.io.AtomicFile;
import dev.paraflux.io.ImageGrid;
import dev.paraflux.json.JsonWriter;
import dev.paraflux.plan.Machine;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A comparison as a page to look at: pictures, curves of the error, the sample round by round, the table. One file, which
 * asks nobody for anything.
 */
public final class ReportPage {
    private static final String TEMPLATE = "report.html";
    private static final Pattern HOLE = Pattern.compile("\\$\\{(\\w+)}");
    private static final int MOST_FRAMES = 60;
    private static final int CELL_PIXELS = 112;

    private final Look look;
    private final String settings;
    private final Device device;
    private final ImageGrid grid;
    private final List<Line> lines = new ArrayList<>();

    private record Line(RunSummary run, RoundRecorder recorder, int rounds, int samples, float[] first) {}

    /**
     * Without a line yet.
     *
     * @param settings what was compared, in words
     * @param device   where rows lay
     * @throws IllegalArgumentException if the model's samples cannot be drawn
     */
    public ReportPage(Look look, String settings, Device device) {
        this.look = look;
        this.settings = settings;
        this.device = device;
        grid = Pictures.grid(look, 1, CELL_PIXELS);
    }

    /** Adds a method, sequential sampling first. */
    public void add(RunSummary run, RoundRecorder recorder, List<Sample> samples) {
        lines.add(new Line(run, recorder, samples.get(0).stats().rounds(), samples.size(), samples.get(0).values()));
    }

    /**
     * Writes the page, all of it or nothing.
     *
     * @param version of this program
     */
    public void write(Path file, Comparison comparison, String version) {
        Map<String, String> pieces = pieces(comparison, version);
        String page = HOLE.matcher(template()).replaceAll(
                hole -> Matcher.quoteReplacement(pieces.get(hole.group(1))));
        Outputs.write(() -> AtomicFile.write(file, out -> out.write(page.getBytes(StandardCharsets.UTF_8))));
    }

    private static String template() {
        try (InputStream in = ReportPage.class.getResourceAsStream(TEMPLATE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, String> pieces(Comparison comparison, String version) {
        Plot byRounds = new Plot("rounds", true);
        Plot byEvaluations = new Plot("evaluations of a sample", true);
        Plot finals = new Plot("rounds", false);
        StringBuilder pictures = new StringBuilder();
        StringBuilder rounds = new StringBuilder();
        List<Map<String, Object>> frames = new ArrayList<>();
        int lastRound = 1;
        for (Line line : lines) {
            String name = line.run.method().text();
            List<double[]> errors = new ArrayList<>();
            List<double[]> costs = new ArrayList<>();
            List<double[]> shares = new ArrayList<>();
            for (int round = 1; round <= line.rounds; round++) {
                double error = distance(line.recorder.preview(round), lines.get(0).first);
                errors.add(new double[] {round, error});
                costs.add(new double[] {(double) line.recorder.evaluations(round) / line.samples, error});
                shares.add(new double[] {round, line.recorder.finalShare(round)});
            }
            byRounds.add(name, errors);
            byEvaluations.add(name, costs);
            finals.add(name, shares);
            Map<String, Object> shown = frames(name, line);
            frames.add(shown);
            String last = picture(line.first);
            pictures.append(figure(last, name));
            rounds.append(figure(last, name));
            lastRound = Math.max(lastRound, line.rounds);
        }
        Map<String, String> pieces = new LinkedHashMap<>();
        pieces.put("title", Html.text("Samples of model " + look.name()));
        pieces.put("verdict", Html.text(comparison.verdict() + "."));
        pieces.put("settings", Html.text(settings));
        pieces.put("table", comparison.html());
        pieces.put("pictures", pictures.toString());
        pieces.put("unit", look.isDecoded() ? "root mean square in latents" : "root mean square in pixels of 0 to 255");
        pieces.put("errorByRounds", byRounds.svg());
        pieces.put("errorByEvaluations", byEvaluations.svg());
        pieces.put("finalRows", finals.svg());
        pieces.put("lastRound", String.valueOf(lastRound));
        pieces.put("rounds", rounds.toString());
        // A script ends at the first </ that it meets, in texts too.
        pieces.put("frames", JsonWriter.line(frames).replace("</", "<\\/"));
        pieces.put("machine",
                Html.text("Paraflux " + version + ", Java " + Runtime.version() + ", " + Machine.of(device)));
        return pieces;
    }

    private double distance(float[] values, float[] reference) {
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            double difference = values[i] - (double) reference[i];
            sum += difference * difference;
        }
        return Math.sqrt(sum / values.length) * (look.isDecoded() ? 1 : ImageGrid.PIXELS_OF_UNIT);
    }

    private Map<String, Object> frames(String name, Line line) {
        List<Integer> shown = Filmstrip.pick(line.rounds, MOST_FRAMES);
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", name);
        map.put("last", line.rounds);
        map.put("rounds", shown);
        map.put("pictures", shown.stream().map(round -> picture(line.recorder.preview(round))).toList());
        return map;
    }

    private String picture(float[] sample) {
        return Html.address(grid.draw(look.picture(sample)));
    }

    private static String figure(String address, String name) {
        return String.format(Locale.ROOT, "<figure><img src=\"%s\" alt=\"the first sample by %s\"><figcaption>%s"
                + "</figcaption></figure>", address, name, name);
    }
}
