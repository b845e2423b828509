package dev.paraflux.cli;

import dev.paraflux.check.IllegalValueException;
import java.nio.file.Path;
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

    /** The parser takes an empty name of a file, and a lone comma as a list of nothing. */
    static void requireNothingEmpty(ParseResult given) {
        for (ParseResult part = given; part != null; part = part.subcommand()) {
            for (OptionSpec option : part.matchedOptions()) {
                if (!isText(option) && namesNothing(option.getValue())) {
                    throw new ParameterException(part.commandSpec().commandLine(),
                            new IllegalValueException(option.longestName(), "", legal(option)).getMessage());
                }
                if (option.getValue() instanceof Collection<?> list && list.isEmpty()) {
                    throw new ParameterException(part.commandSpec().commandLine(), new IllegalValueException(
                            option.longestName(), String.join(" ", option.originalStringValues()),
                            "one value or more, with commas between").getMessage());
                }
            }
        }
    }

    /** Texts, as prompts are, may be empty. */
    private static boolean isText(OptionSpec option) {
        return option.isMultiValue() && option.splitRegex().isEmpty() && option.auxiliaryTypes()[0] == String.class;
    }

    /** Of one value, or of one among several. */
    private static boolean namesNothing(Object value) {
        return value instanceof Path path && path.toString().isEmpty()
                || value instanceof Collection<?> list && list.stream().anyMatch(each -> each.toString().isEmpty());
    }

    /** What is said of an exception of the parser. */
    static String message(ParameterException refusal) {
        if (refusal instanceof MissingParameterException missing
                && missing.getMissing().get(0) instanceof OptionSpec option) {
            return new IllegalValueException(option.longestName(), Nothing.NOTHING, legal(option)).getMessage();
        }
        if (!(refusal.getArgSpec() instanceof OptionSpec option)) {
            return refusal.getMessage();
        }
        if (refusal.getCause() instanceof IllegalValueException value) {
            return value.named(option.longestName()).getMessage();
        }
        return refusal.getValue() == null ? refusal.getMessage()
                : new IllegalValueException(option.longestName(), refusal.getValue(), legal(option)).getMessage();
    }

    private static String legal(OptionSpec option) {
        boolean several = option.isMultiValue();
        Class<?> type = several ? option.auxiliaryTypes()[0] : option.type();
        if (type.isEnum() && option.completionCandidates() != null) {
            return (several ? "some of " : "one of ")
                    + StreamSupport.stream(option.completionCandidates().spliterator(), false)
                            .map(word -> word.toLowerCase(Locale.ROOT)).collect(Collectors.joining(", "));
        }
        String range = ", at most " + Integer.MAX_VALUE;
        return switch (type.getSimpleName()) {
            case "int", "Integer" -> several ? "whole numbers" + range : "a whole number" + range;
            case "double", "Double" -> several ? "numbers, with commas between" : "a number";
            case "boolean", "Boolean" -> "true, false, or left out";
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
