package dev.paraflux.cli.option;

import dev.paraflux.method.Method;
import dev.paraflux.method.core.Decoder;
import dev.paraflux.method.window.FirstGuess;
import dev.paraflux.method.window.Unrolling;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.SolverDescription;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Methods and their settings in words for people, from the components of their records. */
public final class MethodWords {
    /** What every method calls ALL, or a word of its own for no limit. */
    private static final int ALL = Integer.MAX_VALUE;
    private static final Map<String, String> OF_ALL = Map.of("window", "all rows", "order", "all of the window",
            "blocks", "the square root of the steps");
    /** What is left of a double once what rounding added is gone. */
    private static final MathContext SHOWN = new MathContext(6);

    private MethodWords() {}

    /** For example {@code window 100, tolerance pixels 0.03, unrolling gaussian, max rounds no limit}. */
    public static String of(Method method) {
        String settings = settings(method);
        return settings.isEmpty() ? "no settings" : settings;
    }

    /** A setting that counts something, where all of it may be wanted. */
    static String count(String setting, int value) {
        return value == ALL ? OF_ALL.getOrDefault(setting, "no limit") : String.valueOf(value);
    }

    private static String settings(Object record) {
        List<String> words = new ArrayList<>();
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            Object value = value(component, record);
            if (value instanceof Method inner) {
                words.add(settings(inner));
            } else if (!(value instanceof Decoder)) {
                words.add(name(component.getName()) + " " + text(component.getName(), value));
            }
        }
        return String.join(", ", words);
    }

    private static Object value(RecordComponent component, Object record) {
        try {
            return component.getAccessor().invoke(record);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@code maxRounds} is "max rounds". */
    private static String name(String component) {
        return component.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
    }

    private static String text(String setting, Object value) {
        if (value instanceof Integer number) {
            return count(setting, number);
        } else if (value instanceof Double number) {
            return Double.isFinite(number) ? new BigDecimal(number).round(SHOWN).stripTrailingZeros().toPlainString()
                    : number.toString();
        } else if (value instanceof Boolean flag) {
            return flag ? "yes" : "no";
        } else if (value instanceof List<?> list) {
            return list.stream().map(one -> text(setting, one)).collect(Collectors.joining(" "));
        } else if (value instanceof Unrolling form) {
            return UnrollingConverter.text(form);
        } else if (value instanceof FirstGuess guess) {
            return FirstGuessConverter.text(guess);
        } else if (value instanceof Solver solver) {
            return SolverDescription.of(solver).toString();
        }
        return value instanceof Record record ? kind(record) : value.toString();
    }

    /** A rule by its name and its numbers: {@code pixels 0.03}. */
    private static String kind(Record record) {
        StringBuilder words = new StringBuilder(name(record.getClass().getSimpleName()).strip());
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            Object value = value(component, record);
            if (!(value instanceof Decoder)) {
                words.append(' ').append(text(component.getName(), value));
            }
        }
        return words.toString();
    }
}
