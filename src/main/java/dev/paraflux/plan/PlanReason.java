package dev.paraflux.plan;

import java.util.Comparator;
import java.util.Locale;

/** Why a plan chose what it chose, in a sentence or two. */
final class PlanReason {
    private final SamplingPlan plan;
    private final Target target;
    private final int steps;

    PlanReason(SamplingPlan plan) {
        this.plan = plan;
        target = plan.target();
        steps = plan.problem().steps();
    }

    String text() {
        if (plan.takesOthers()) {
            Advice other = plan.advice().get();
            return takes(other.forecast(), other.name(), other.problem().steps()) + ", " + gain(other) + " the "
                    + steps
                    + " that were asked about, and ends " + other.near(steps) + ".";
        }
        return method() + plan.advice().map(this::advice).orElse("");
    }

    private String advice(Advice other) {
        return " " + other.steps() + " end " + other.near(steps) + ", " + gain(other) + " what was chosen: "
                + amount(other.forecast()) + " for another sample, "
                + String.format(Locale.ROOT, "%.2g", other.distance())
                + " from this one.";
    }

    private String gain(Advice other) {
        Forecast best = plan.forecasts().get(plan.choice());
        return number(best.of(target) / other.forecast().of(target))
                + (target == Target.ENERGY ? " times less than" : " times as fast as");
    }

    private String method() {
        Forecast best = plan.chosen();
        Forecast sequential = plan.forecasts().get(0);
        StringBuilder text = new StringBuilder(takes(best, best.candidate().toString(), steps));
        if (best == sequential) {
            plan.forecasts().stream().filter(forecast -> forecast != best && forecast.isChoice())
                    .min(Comparator.comparingDouble(forecast -> forecast.of(target)))
                    .ifPresent(next -> text.append("; ").append(next.candidate()).append(" would take ")
                            .append(amount(next)).append(whyNot(next)));
        } else if (sequential.isChoice()) {
            double gain = sequential.of(target) / best.of(target);
            text.append(String.format(Locale.ROOT, ", %s times %s sequential sampling (%s), in %s rounds of %s"
                    + " evaluations", number(gain), target == Target.ENERGY ? "less than" : "as fast as",
                    amount(sequential),
                    number(best.rounds()), number(best.evaluations() / best.rounds())));
        }
        return text.append('.').toString();
    }

    private String takes(Forecast best, String name, int count) {
        return name + ' ' + switch (target) {
            case LATENCY -> "is fastest here: a sample of " + count + " steps takes " + time(best.seconds());
            case THROUGHPUT -> "draws most here: " + time(best.seconds()) + " a sample of " + count + " steps, of "
                    + plan.atOnce() + " at once";
            case ENERGY -> "takes the fewest model rows here: " + number(best.modelRows()) + " a sample of " + count
                    + " steps, in " + time(best.seconds());
        };
    }

    private String amount(Forecast forecast) {
        return target == Target.ENERGY ? number(forecast.modelRows()) + " model rows" : time(forecast.seconds());
    }

    /** Equation (6) in words. */
    private String whyNot(Forecast next) {
        if (target != Target.LATENCY) {
            return "";
        }
        int rows = (int) Math.max(2, Math.min(plan.maxBatch(), Math.round(next.evaluations() / next.rounds())));
        return String.format(Locale.ROOT,
                ", in %s rounds for %d: a call of %d rows takes %s times as long as one of 1",
                number(next.rounds()), steps, rows, number(plan.cost().seconds(rows) / plan.cost().seconds(1)));
    }

    private static String time(double seconds) {
        return seconds < 1 ? String.format(Locale.ROOT, "%.3g ms", 1000 * seconds)
                : String.format(Locale.ROOT, "%.3g s", seconds);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.1f" : "%.0f", value);
    }
}
