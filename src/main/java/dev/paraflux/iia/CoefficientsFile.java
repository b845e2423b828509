package dev.paraflux.iia;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.iia.IiaCoefficients.Calibration;
import dev.paraflux.iia.IiaCoefficients.Problem;
import dev.paraflux.iia.IiaCoefficients.Step;
import dev.paraflux.io.AtomicFile;
import dev.paraflux.json.Description;
import dev.paraflux.json.JsonFile;
import dev.paraflux.json.JsonValue;
import dev.paraflux.json.JsonWriter;
import dev.paraflux.model.GuidanceOptions;
import dev.paraflux.model.ModelIdentity;
import dev.paraflux.model.around.X0Clipping;
import dev.paraflux.schedule.LevelValues;
import dev.paraflux.schedule.CustomSteps;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.SigmaRule;
import dev.paraflux.schedule.Spacing;
import dev.paraflux.solver.SolverDescription;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The JSON that coefficients are kept in. All that decides is a value under a key of its own; no text is taken apart, and
 * none is a sentence. A key that is not known is refused, since it may be one that is misspelt; {@code notes} is free. What
 * changes the meaning of a key changes the version.
 */
final class CoefficientsFile {
    private static final String FORMAT = "paraflux-iia";
    private static final int VERSION = 2;

    private CoefficientsFile() {}

    static void write(IiaCoefficients coefficients, Path file) throws IOException {
        byte[] text = JsonWriter.lines(map(coefficients)).getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(file, out -> out.write(text));
    }

    private static Map<String, Object> map(IiaCoefficients coefficients) {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("format", FORMAT);
        root.put("version", VERSION);
        Problem problem = coefficients.problem();
        root.put("model", problem.model().parts());
        root.put("prediction", problem.prediction().name());
        problem.scheduler().ifPresent(scheduler -> root.put("scheduler", map(scheduler)));
        root.put("solver", problem.solver());
        root.put("levels", problem.levels().stream().map(LevelValues::of).toList());
        root.put("table", problem.table().rows().stream().map(CoefficientsFile::map).toList());
        Map<String, Object> correction = new LinkedHashMap<>();
        correction.put("vectors", coefficients.correction().vectors().name());
        correction.put("history", coefficients.correction().history());
        root.put("correction", correction);
        root.put("calibration", map(coefficients.calibration()));
        root.put("plainError", coefficients.plainError());
        root.put("correctedError", coefficients.correctedError());
        root.put("steps", coefficients.steps().stream().map(CoefficientsFile::map).toList());
        return root;
    }

    private static Map<String, Object> map(FittedScheduler scheduler) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("settings", scheduler.settings());
        scheduler.spacing().ifPresent(spacing -> map.put("spacing", spacing.name()));
        scheduler.sigmas().ifPresent(sigmas -> map.put("sigmas", sigmas.name()));
        scheduler.steps()
                .ifPresent(steps -> map.put("steps", Map.of("kind", steps.kind().name(), "values", steps.values())));
        return map;
    }

    private static Map<String, Object> map(SolverTable.Row row) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("level", LevelValues.of(row.level()));
        map.put("parent", row.parent());
        map.put("parentFactor", row.parentFactor());
        map.put("predictions", row.predictions().stream().map(CoefficientsFile::list).toList());
        map.put("states", row.states().stream().map(CoefficientsFile::list).toList());
        return map;
    }

    private static Map<String, Object> map(Calibration calibration) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("fineSolver", calibration.fineSolver());
        map.put("fineLevels", calibration.fineLevels().stream().map(LevelValues::of).toList());
        map.put("conditions", calibration.conditions());
        map.put("firstSeed", calibration.firstSeed());
        map.put("samples", calibration.samples());
        map.put("heldOut", calibration.heldOut());
        map.put("ridge", calibration.ridge());
        map.put("onCorrected", calibration.onCorrected());
        return map;
    }

    private static Map<String, Object> map(Step step) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("factors", step.factors());
        map.put("rank", step.rank());
        map.put("kept", step.kept());
        map.put("left", step.left());
        map.put("errorBefore", step.errorBefore());
        map.put("errorAfter", step.errorAfter());
        return map;
    }

    private static List<Object> list(SolverTable.Term term) {
        return List.of(term.row(), term.factor());
    }

    static IiaCoefficients read(Path file) throws IOException {
        JsonValue root = JsonFile.read(file);
        requireFormat(root);
        root.requireKeys(List.of("format", "version", "model", "prediction", "scheduler", "solver", "levels", "table",
                "correction", "calibration", "plainError", "correctedError", "steps", "notes"));
        Problem problem = problem(root);
        Correction correction = correction(root.get("correction"));
        Calibration calibration = calibration(root.get("calibration"));
        List<Step> steps = root.get("steps").list(CoefficientsFile::step);
        double plainError = root.get("plainError").number();
        double correctedError = root.get("correctedError").number();
        return root.make(
                () -> new IiaCoefficients(problem, correction, calibration, steps, plainError, correctedError));
    }

    /** Before all else, since files of other versions may have any keys. */
    private static void requireFormat(JsonValue root) {
        root.get("format").choice(Map.of(FORMAT, FORMAT));
        JsonValue version = root.get("version");
        int found = version.integer();
        if (found != VERSION) {
            throw version
                    .wrong(VERSION + (found < VERSION ? "; fit the coefficients again, with this version of Paraflux"
                            : "; the file is of a newer version of Paraflux"));
        }
    }

    private static Problem problem(JsonValue root) {
        JsonValue parts = root.get("model");
        List<Description> descriptions = parts.list(JsonValue::description);
        ModelIdentity model = parts.make(() -> new ModelIdentity(descriptions));
        parts.make(() -> GuidanceOptions.of(model));
        parts.make(() -> X0Clipping.limit(model));
        Prediction prediction = root.get("prediction").choice(Prediction.values());
        Optional<FittedScheduler> scheduler = root.has("scheduler") ? Optional.of(scheduler(root.get("scheduler")))
                : Optional.empty();
        Description solver = solver(root.get("solver"));
        List<NoiseLevel> levels = levels(root.get("levels"));
        List<SolverTable.Row> rows = root.get("table").list(CoefficientsFile::row);
        SolverTable table = root.get("table").make(() -> new SolverTable(rows));
        return root.make(() -> new Problem(model, prediction, scheduler, solver, levels, table));
    }

    /** One that is not the library's may have any settings. */
    private static Description solver(JsonValue object) {
        Description description = object.description();
        object.make(() -> SolverDescription.solver(description));
        return description;
    }

    private static FittedScheduler scheduler(JsonValue object) {
        object.requireKeys(List.of("settings", "spacing", "sigmas", "steps"));
        Optional<Spacing> spacing = object.has("spacing")
                ? Optional.of(object.get("spacing").choice(Spacing.values()))
                : Optional.empty();
        Optional<SigmaRule> sigmas = object.has("sigmas")
                ? Optional.of(object.get("sigmas").choice(SigmaRule.values()))
                : Optional.empty();
        Optional<CustomSteps> steps = object.has("steps") ? Optional.of(steps(object.get("steps"))) : Optional.empty();
        return object.make(() -> new FittedScheduler(object.get("settings").requireObject(), spacing, sigmas, steps));
    }

    private static CustomSteps steps(JsonValue object) {
        object.requireKeys(List.of("kind", "values"));
        return object.make(() -> new CustomSteps(object.get("kind").choice(CustomSteps.Kind.values()),
                object.get("values").list(JsonValue::number)));
    }

    private static SolverTable.Row row(JsonValue object) {
        object.requireKeys(List.of("level", "parent", "parentFactor", "predictions", "states"));
        NoiseLevel level = LevelValues.read(object.get("level"));
        int parent = object.get("parent").integer();
        double parentFactor = object.get("parentFactor").number();
        List<SolverTable.Term> predictions = object.get("predictions").list(CoefficientsFile::term);
        List<SolverTable.Term> states = object.get("states").list(CoefficientsFile::term);
        return object.make(() -> new SolverTable.Row(level, parent, parentFactor, predictions, states));
    }

    private static SolverTable.Term term(JsonValue pair) {
        List<JsonValue> values = pair.list();
        if (values.size() != 2) {
            throw pair.wrong("[row, factor]");
        }
        return new SolverTable.Term(values.get(0).integer(), values.get(1).number());
    }

    private static Correction correction(JsonValue object) {
        object.requireKeys(List.of("vectors", "history"));
        CorrectionVectors vectors = object.get("vectors").choice(CorrectionVectors.values());
        int history = object.get("history").integer();
        return object.make(() -> new Correction(vectors, history));
    }

    private static Calibration calibration(JsonValue object) {
        object.requireKeys(List.of("fineSolver", "fineLevels", "conditions", "firstSeed", "samples", "heldOut", "ridge",
                "onCorrected"));
        Description fineSolver = solver(object.get("fineSolver"));
        List<NoiseLevel> fineLevels = levels(object.get("fineLevels"));
        List<Description> conditions = object.get("conditions").list(JsonValue::description);
        return object.make(() -> new Calibration(fineSolver, fineLevels, conditions,
                object.get("firstSeed").longInteger(), object.get("samples").integer(), object.get("heldOut").integer(),
                object.get("ridge").number(), object.get("onCorrected").flag()));
    }

    private static Step step(JsonValue object) {
        object.requireKeys(List.of("factors", "rank", "kept", "left", "errorBefore", "errorAfter"));
        List<Double> factors = object.get("factors").list(JsonValue::number);
        return object.make(() -> new Step(factors, object.get("rank").integer(), object.get("kept").flag(),
                object.get("left").number(), object.get("errorBefore").number(), object.get("errorAfter").number()));
    }

    private static List<NoiseLevel> levels(JsonValue list) {
        return list.list(LevelValues::read);
    }
}
