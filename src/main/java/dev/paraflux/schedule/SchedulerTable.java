package dev.paraflux.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The table of the manual, class by class and key by key, made from the lists that files are read by. */
final class SchedulerTable {
    private SchedulerTable() {}

    /** In Markdown. */
    static String markdown() {
        List<String> lines = new ArrayList<>();
        lines.add("| class | honoured (default) | has, and does not use, as in diffusers | one value is legal |");
        lines.add("|---|---|---|---|");
        for (SchedulerClass scheduler : SchedulerClass.values()) {
            lines.add("| " + (scheduler == SchedulerClass.OWN ? "none" : "`" + scheduler.className() + "`") + " | "
                    + cell(scheduler, SchedulerKey.Use.HONOURED) + " | " + cell(scheduler, SchedulerKey.Use.IGNORED)
                    + " | " + cell(scheduler, SchedulerKey.Use.FIXED) + " |");
        }
        return String.join("\n", lines) + "\n";
    }

    private static String cell(SchedulerClass scheduler, SchedulerKey.Use use) {
        List<String> words = new ArrayList<>();
        for (SchedulerKey key : scheduler.keys()) {
            if (key.use() == use) {
                String detail = switch (use) {
                    case HONOURED -> " (" + (key.legal().isEmpty() ? "" : key.legal() + "; ")
                            + Optional.ofNullable(key.byDefault()).map(Object::toString).orElse("null") + ")";
                    case IGNORED -> "";
                    case FIXED -> " " + key.legal();
                };
                words.add("`" + key.name() + "`" + detail);
            }
        }
        return String.join(", ", words);
    }
}
