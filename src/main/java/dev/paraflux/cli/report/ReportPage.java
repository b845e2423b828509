package dev.paraflux.cli.report;

import dev.paraflux.Sample;
import dev.paraflux.cli.option.Look;
import dev.paraflux.cli.option.MethodWords;
import dev.paraflux.io.ImageGrid;
import dev.paraflux.json.JsonWriter;
import dev.paraflux.method.Method;
import dev.paraflux.plan.SamplingPlan;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A comparison as a page to look at: the table, pictures, curves of the error, the sample round by round, how far its rows
 * are from following each other, and what was planned.
 */
public final class ReportPage {
    private static final int MOST_FRAMES = 60;
    private static final int CELL_PIXELS = 112;
    /** Of pictures of rounds, of which there are many. */
    private static final int FRAME_PIXELS = 256;

    private final Look look;
    private final Map<String, String> settings;
    private final SamplingPlan plan;
    private final ImageGrid grid;
    private final List<Line> lines = new ArrayList<>();

    private record Line(RunSummary run, RoundRecorder recorder, int rounds, int samples, float[] first) {
        String name() {
            return run.method().text();
        }
    }

    /**
     * Without a line yet.
     *
     * @param settings what was compared, in words, by names
     * @param plan     that was made before; null for none
     * @throws IllegalArgumentException if the model's samples cannot be drawn
     */
    public ReportPage(Look look, Map<String, String> settings, SamplingPlan plan) {
        this.look = look;
        this.plan = plan;
        this.settings = new LinkedHashMap<>(settings);
        grid = Pictures.grid(look, 1, CELL_PIXELS);
    }

    /** Adds a method, sequential sampling first. */
    public void add(RunSummary run, Method method, RoundRecorder recorder, List<Sample> samples) {
        Line line = new Line(run, recorder, samples.get(0).stats().rounds(), samples.size(), samples.get(0).values());
        lines.add(line);
        settings.put(line.name(), MethodWords.of(method));
    }

    /**
     * Writes the page, all of it or nothing.
     *
     * @param machine what it was measured with, by names
     */
    public void write(Path file, Comparison comparison, Map<String, String> machine) {
        List<Map<String, Object>> frames = lines.stream().map(this::frames).toList();
        // A script ends at the first </ that it meets, in texts too.
        Map<String, String> rounds = Map.of("frames", JsonWriter.line(frames).replace("</", "<\\/"));
        Page.write(file, "Samples of model " + look.name(), Page.fill("compare.html", pieces(comparison)), machine,
                Page.fill("rounds.html", rounds));
    }

    private Map<String, String> pieces(Comparison comparison) {
        Map<String, String> pieces = new LinkedHashMap<>();
        StringBuilder pictures = new StringBuilder();
        lines.forEach(line -> pictures.append(figure(line)));
        pieces.put("verdict", Html.text(comparison.verdict() + "."));
        pieces.put("table", comparison.html());
        pieces.put("plan", plan == null ? "" : PlanTable.html(plan));
        pieces.put("pictures", pictures.toString());
        pieces.put("rounds", pictures.toString());
        pieces.put("lastRound", String.valueOf(lines.stream().mapToInt(Line::rounds).max().orElse(1)));
        pieces.put("settings", Html.facts(settings));
        plot(pieces);
        map(pieces);
        return pieces;
    }

    private void plot(Map<String, String> pieces) {
        Plot byRounds = new Plot("rounds", true);
        Plot byEvaluations = new Plot("evaluations of a sample", true);
        Plot finals = new Plot("rounds", false);
        for (Line line : lines) {
            List<double[]> errors = new ArrayList<>();
            List<double[]> costs = new ArrayList<>();
            List<double[]> shares = new ArrayList<>();
            for (int round = 1; round <= line.rounds; round++) {
                double error = distance(line.recorder.preview(round), lines.get(0).first);
                errors.add(new double[] {round, error});
                costs.add(new double[] {(double) line.recorder.evaluations(round) / line.samples, error});
                shares.add(new double[] {round, line.recorder.finalShare(round)});
            }
            byRounds.add(line.name(), errors);
            byEvaluations.add(line.name(), costs);
            finals.add(line.name(), shares);
        }
        pieces.put("unit", look.isDecoded() ? "root mean square in latents" : "root mean square in pixels of 0 to 255");
        pieces.put("errorByRounds", byRounds.svg());
        pieces.put("errorByEvaluations", byEvaluations.svg());
        pieces.put("finalRows", finals.svg());
    }

    private double distance(float[] values, float[] reference) {
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            double difference = values[i] - (double) reference[i];
            sum += difference * difference;
        }
        return Math.sqrt(sum / values.length) * (look.isDecoded() ? 1 : ImageGrid.PIXELS_OF_UNIT);
    }

    /** All methods in the same colours. */
    private void map(Map<String, String> pieces) {
        double least = Double.POSITIVE_INFINITY;
        double most = 0;
        for (Line line : lines) {
            double[] range = new HeatMap(line.recorder, line.rounds).range();
            least = Math.min(least, range[0]);
            most = Math.max(most, range[1]);
        }
        Heat heat = new Heat(least, most);
        StringBuilder maps = new StringBuilder();
        for (Line line : lines) {
            maps.append("<figure>").append(new HeatMap(line.recorder, line.rounds).svg(line.name(), heat))
                    .append("<figcaption>").append(line.name()).append("</figcaption></figure>");
        }
        pieces.put("legend", heat.legend());
        pieces.put("maps", maps.toString());
    }

    private Map<String, Object> frames(Line line) {
        List<Integer> shown = Filmstrip.pick(line.rounds, MOST_FRAMES);
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", line.name());
        map.put("last", line.rounds);
        map.put("rounds", shown);
        map.put("pictures", shown.stream()
                .map(round -> Html.address(Html.shrunk(picture(line.recorder.preview(round)), FRAME_PIXELS))).toList());
        return map;
    }

    private BufferedImage picture(float[] sample) {
        return grid.draw(look.picture(sample));
    }

    private String figure(Line line) {
        return String.format(Locale.ROOT, "<figure><img src=\"%s\" alt=\"the first sample by %s\"><figcaption>%s"
                + "</figcaption></figure>", Html.address(picture(line.first)), line.name(), line.name());
    }
}
