package dev.paraflux.cli;

import dev.paraflux.check.IllegalValueException;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** What the parser of the command line refuses, in the form of all other refusals. */
final class Refusals {
    private Refusals() {}

    /** A list of nothing is what remains of a lone comma. */
    static void requireNoEmptyList(ParseResult given) {
        for (ParseResult part = given; part != null; part = part.subcommand()) {
            for (OptionSpec option : part.matchedOptions()) {
                if (option.getValue() instanceof Collection<?> list && list.isEmpty()) {
                    throw new ParameterException(part.commandSpec().commandLine(), new IllegalValueException(
                            option.longestName(), String.join(" ", option.originalStringValues()),
                            "one value or more, with commas between").getMessage());
                }
            }
        }
    }

    /** What is said of an exception of the parser. */
    static String message(ParameterException refusal) {
        if (!(refusal.getArgSpec() instanceof OptionSpec option)) {
            return refusal.getMessage();
        }
        if (refusal.getCause() instanceof IllegalValueException value) {
            return value.named(option.longestName()).getMessage();
        }
        if (refusal instanceof MissingParameterException) {
            return new IllegalValueException(option.longestName(), Nothing.NOTHING, legal(option)).getMessage();
        }
        return refusal.getValue() == null ? refusal.getMessage()
                : new IllegalValueException(option.longestName(), refusal.getValue(), legal(option)).getMessage();
    }

    private static String legal(OptionSpec option) {
        Class<?> type = option.isMultiValue() ? option.auxiliaryTypes()[0] : option.type();
        String one = option.isMultiValue() ? "each " : "";
        if (type.isEnum() && option.completionCandidates() != null) {
            return one + "one of " + StreamSupport.stream(option.completionCandidates().spliterator(), false)
                    .map(word -> word.toLowerCase(Locale.ROOT)).collect(Collectors.joining(", "));
        }
        return one + switch (type.getSimpleName()) {
            case "int", "Integer" -> "a whole number, at most " + Integer.MAX_VALUE;
            case "long", "Long" -> "a whole number";
            case "double", "Double" -> "a number";
            case "boolean", "Boolean" -> "left out, or true or false";
            case "Path" -> "the name of a file";
            default -> option.paramLabel();
        };
    }

    private enum Nothing {
        NOTHING;

        @Override
        public String toString() {
            return "with nothing behind it";
        }
    }
}
