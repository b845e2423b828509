package dev.paraflux.cli.report;

import dev.paraflux.io.ImageGrid;
import dev.paraflux.plan.Forecast;
import dev.paraflux.plan.ModelCost;
import dev.paraflux.plan.SamplingPlan;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A plan as a person reads it: what calls take, what each method is expected to take, and what follows. */
public final class PlanTable {
    private static final double NOISY = 0.2;
    private static final double MIB = 1 << 20;

    private PlanTable() {}

    /** Lines of text. */
    public static String text(SamplingPlan plan) {
        StringBuilder text = new StringBuilder();
        text.append("a call of the model takes ").append(costs(plan)).append(System.lineSeparator());
        if (plan.cost().noise() > NOISY) {
            text.append(String.format(Locale.ROOT, "the machine was busy: calls differed by up to %.0f%%%n",
                    100 * plan.cost().noise()));
        }
        text.append(String.format(Locale.ROOT, "%-24s%8s%13s%10s%10s%10s%n", "method", "rounds", "evaluations",
                "seconds", "MiB", "distance"));
        for (Forecast forecast : plan.forecasts()) {
            text.append(line(forecast)).append(System.lineSeparator());
        }
        return text.append(plan.reason()).toString();
    }

    /** The same as a part of a page. */
    static String html(SamplingPlan plan) {
        StringBuilder html = new StringBuilder("<h2>What was planned</h2><p>").append(Html.text(plan.reason()))
                .append("</p><p class=\"soft\">Planned for ").append(plan.target().name().toLowerCase(Locale.ROOT))
                .append(", ").append(plan.atOnce()).append(" at once: a call of the model takes ")
                .append(Html.text(costs(plan))).append(".</p><div class=\"wide\"><table><thead><tr><th>method</th>")
                .append("<th>rounds</th><th>evaluations</th><th>seconds</th><th>MiB</th><th>distance</th></tr></thead>")
                .append("<tbody>");
        for (Forecast forecast : plan.forecasts()) {
            html.append("<tr><td>").append(Html.text(forecast.candidate().toString())).append("</td>")
                    .append(Double.isNaN(forecast.seconds())
                            ? "<td colspan=\"5\">" + Html.text(forecast.excluded()) + "</td>"
                            : String.format(Locale.ROOT,
                                    "<td>%.1f</td><td>%.1f</td><td>%.3g</td><td>%.3g</td><td>%.2g</td>",
                                    forecast.rounds(), forecast.evaluations(), forecast.seconds(),
                                    forecast.bytes() / MIB, ImageGrid.PIXELS_OF_UNIT * forecast.distance()))
                    .append("</tr>");
        }
        return html.append("</tbody></table></div>").toString();
    }

    private static String costs(SamplingPlan plan) {
        return plan.cost().points().stream().map(PlanTable::text).collect(Collectors.joining(", "));
    }

    private static String text(ModelCost.Point point) {
        return String.format(Locale.ROOT, "%.3g ms for %d row%s", 1000 * point.seconds(), point.rows(),
                point.rows() == 1 ? "" : "s");
    }

    private static String line(Forecast forecast) {
        String name = String.format(Locale.ROOT, "%-24s", forecast.candidate());
        return Double.isNaN(forecast.seconds()) ? name + "  " + forecast.excluded()
                : name + String.format(Locale.ROOT, "%8.1f%13.1f%10.3g%10.3g%10.2g", forecast.rounds(),
                        forecast.evaluations(), forecast.seconds(), forecast.bytes() / MIB,
                        ImageGrid.PIXELS_OF_UNIT * forecast.distance())
                        + (forecast.isChoice() ? "" : "  " + forecast.excluded());
    }

    /** The same as an object for JSON: what was chosen and why, and the plan. */
    public static Map<String, Object> toMap(SamplingPlan plan) {
        Map<String, Object> map = choice(plan);
        map.put("plan", plan.toMap());
        return map;
    }

    /** What was chosen and why, for JSON. */
    public static Map<String, Object> choice(SamplingPlan plan) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("method", plan.chosen().candidate().name());
        map.put("window", plan.chosen().candidate().window());
        map.put("otherSteps", plan.advice().map(advice -> {
            Map<String, Object> other = new LinkedHashMap<>();
            other.put("solver", advice.name());
            other.put("steps", advice.problem().steps());
            other.put("seconds", advice.forecast().seconds());
            other.put("taken", advice.taken());
            return other;
        }).orElse(null));
        map.put("reason", plan.reason());
        return map;
    }
}
