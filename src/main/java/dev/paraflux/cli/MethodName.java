package dev.paraflux.cli;

import java.util.List;
import java.util.Locale;

/** The methods by name, and which of the settings each has. */
enum MethodName {
    SEQUENTIAL(List.of()),
    PICARD(List.of("--window", "--tolerance", "--max-rounds")),
    PARATAA(List.of("--window", "--order", "--history", "--ridge", "--tolerance", "--relative-tolerance",
            "--first-guess", "--max-rounds"));

    private final List<String> settings;

    MethodName(List<String> settings) {
        this.settings = settings;
    }

    /** The options of {@link MethodOptions} that mean something to this method. */
    List<String> settings() {
        return settings;
    }

    /** As it is written and printed. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
