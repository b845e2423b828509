package dev.paraflux.cli.option;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.io.PictureText;
import dev.paraflux.json.JsonFile;
import dev.paraflux.json.JsonValue;
import dev.paraflux.json.JsonWriter;
import dev.paraflux.plan.SamplingPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Draws what a picture was drawn with: its file says so, in a text of the PNG. */
public final class LikeOptions implements IDefaultValueProvider {
    private static final String OPTION = "--like";
    private static final String KEYWORD = "paraflux";
    private static final String PROMPT = "--prompt";
    /** A file of prompts, in whose place the prompts themselves are told: it may change. */
    private static final String PROMPTS = "--prompts";
    private static final String METHOD = "--method";
    /** In whose place the method is told that it chose. */
    private static final String PLAN = "--plan";
    private static final String WINDOW = "--window";
    private static final String SOLVER = "--solver";
    private static final String STEPS = "--steps";
    /** Of which the other steps of a plan take the place. */
    private static final List<String> OF_STEPS = List.of(SOLVER, STEPS, "--eta");
    /** Where a picture goes, how its run is told, and who evaluates its rows, is not a part of it. */
    private static final List<String> OTHERS = Stream.concat(
            Stream.of(OPTION, "--out", "--save", "--json", "--timeout", "--threads", "--replicas", "--device",
                    "--model-device", PLAN, "--preview", "--stacktrace"),
            CommandSpec.forAnnotatedObject(new WorkersOptions()).options().stream().map(OptionSpec::longestName))
            .toList();

    @Option(names = OPTION, paramLabel = "FILE.png",
            description = "Draw as this picture was drawn by paraflux sample, but for what is given beside it.")
    private Path file;

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    private JsonValue told;

    /**
     * Refuses a file that does not say how it was drawn.
     *
     * @throws IOException           if it cannot be read
     * @throws IllegalValueException if it says nothing, or what is no option of this command
     */
    public void check() throws IOException {
        if (file != null && told() == null) {
            throw new IllegalValueException(OPTION, file, "a .png that paraflux sample has written");
        }
    }

    private JsonValue told() throws IOException {
        if (told == null) {
            Optional<String> text = Typed.file(OPTION, file, () -> PictureText.read(file, KEYWORD));
            if (text.isEmpty()) {
                return null;
            }
            JsonValue read = JsonFile.parse(text.get(), OPTION + " " + file).requireObject()
                    .requireKeys(spec.options().stream().map(OptionSpec::longestName).toList());
            read.keys().forEach(key -> read.get(key).text());
            told = read;
        }
        return told;
    }

    /** What was not given is as the file says; asked when all that was given has been read. */
    @Override
    public String defaultValue(ArgSpec argument) {
        if (file == null || !(argument instanceof OptionSpec option) || OTHERS.contains(option.longestName())
                || option.longestName().equals(PROMPT) && spec.findOption(PROMPTS).getValue() != null
                || leftToPlan(option.longestName())) {
            return null;
        }
        try {
            return told() != null && told().has(option.longestName()) ? told().get(option.longestName()).text() : null;
        } catch (IOException | IllegalValueException e) {
            // It is told when the command checks its files.
            return null;
        }
    }

    /** The method and its settings, where a plan that was asked for chooses them. */
    private boolean leftToPlan(String name) {
        boolean planned = spec.findOption(PLAN).getValue() != null
                || spec.findOption(METHOD).getValue() instanceof MethodChoice choice && choice.name().isEmpty();
        return planned && (name.equals(METHOD) || MethodName.allSettings().contains(name));
    }

    /**
     * What the file of a picture is to say: every option that it was drawn with.
     *
     * @param prompts wherever they were read; empty if there are none
     * @param plan    that chose the method, which is told instead: another plan might choose another one; or null
     */
    public Map<String, String> texts(List<String> prompts, SamplingPlan plan) {
        ParseResult given = spec.commandLine().getParseResult();
        Map<String, String> options = new LinkedHashMap<>();
        for (OptionSpec option : spec.options()) {
            String name = option.longestName();
            if (name.equals(PROMPTS)) {
                continue;
            } else if (plan != null && name.equals(METHOD)) {
                options.put(name, plan.chosen().candidate().name());
            } else if (plan != null && name.equals(WINDOW)) {
                int window = plan.chosen().candidate().window();
                options.put(name, window == 0 ? null : String.valueOf(window));
            } else if (plan != null && plan.takesOthers() && OF_STEPS.contains(name)) {
                options.put(name, name.equals(SOLVER) ? plan.advice().get().name()
                        : name.equals(STEPS) ? String.valueOf(plan.advice().get().problem().steps()) : null);
            } else if (name.equals(PROMPT)) {
                options.put(name, prompts.isEmpty() ? null : String.join(PipelineOptions.BETWEEN, prompts));
            } else if (given.hasMatchedOption(option) && !OTHERS.contains(name)) {
                options.put(name, String.join(",", given.matchedOption(name).stringValues()));
            } else if (defaultValue(option) != null) {
                options.put(name, defaultValue(option));
            } else if (name.equals("--seed")) {
                options.put(name, option.defaultValue());
            }
        }
        options.values().removeIf(Objects::isNull);
        return Map.of(KEYWORD, JsonWriter.line(options));
    }
}
