package dev.paraflux.plan;

import dev.paraflux.io.AtomicFile;
import dev.paraflux.json.Description;
import dev.paraflux.json.JsonFile;
import dev.paraflux.json.JsonValue;
import dev.paraflux.json.JsonWriter;
import dev.paraflux.model.ModelIdentity;
import dev.paraflux.schedule.LevelValues;
import dev.paraflux.schedule.NoiseLevel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The JSON that plans are kept in; {@code notes} is free. What changes the meaning of a key changes the version. */
final class PlanFile {
    private static final String FORMAT = "paraflux-plan";
    private static final int VERSION = 1;

    private PlanFile() {}

    static void write(SamplingPlan plan, Path file) throws IOException {
        byte[] text = JsonWriter.lines(map(plan)).getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(file, out -> out.write(text));
    }

    static Map<String, Object> map(SamplingPlan plan) {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("format", FORMAT);
        root.put("version", VERSION);
        root.put("model", plan.problem().model().parts());
        root.put("solver", plan.problem().solver());
        root.put("levels", plan.problem().levels().stream().map(LevelValues::of).toList());
        Map<String, Object> machine = new LinkedHashMap<>();
        machine.put("device", plan.problem().machine().device());
        machine.put("processor", plan.problem().machine().processor());
        machine.put("processors", plan.problem().machine().processors());
        root.put("machine", machine);
        root.put("target", plan.target().name());
        root.put("atOnce", plan.atOnce());
        root.put("maxBatch", plan.maxBatch());
        root.put("cost", plan.cost().points().stream().map(PlanFile::map).toList());
        root.put("forecasts", plan.forecasts().stream().map(PlanFile::map).toList());
        root.put("choice", plan.choice());
        plan.advice().ifPresent(advice -> root.put("advice", map(advice)));
        return root;
    }

    /** On the plan's own machine. */
    private static Map<String, Object> map(Advice advice) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", advice.name());
        map.put("model", advice.problem().model().parts());
        map.put("solver", advice.problem().solver());
        map.put("levels", advice.problem().levels().stream().map(LevelValues::of).toList());
        map.put("forecast", map(advice.forecast()));
        map.put("error", advice.error());
        map.put("plainError", advice.plainError());
        map.put("distance", advice.distance());
        map.put("taken", advice.taken());
        return map;
    }

    private static Map<String, Object> map(ModelCost.Point point) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("rows", point.rows());
        map.put("seconds", point.seconds());
        map.put("noise", point.noise());
        return map;
    }

    private static Map<String, Object> map(Forecast forecast) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("method", forecast.candidate().name());
        map.put("window", forecast.candidate().window());
        map.put("rounds", forecast.rounds());
        map.put("evaluations", forecast.evaluations());
        map.put("modelRows", forecast.modelRows());
        map.put("seconds", forecast.seconds());
        map.put("bytes", forecast.bytes());
        map.put("distance", forecast.distance());
        map.put("excluded", forecast.excluded());
        return map;
    }

    static SamplingPlan read(Path file) throws IOException {
        JsonValue root = JsonFile.read(file);
        root.get("format").choice(Map.of(FORMAT, FORMAT));
        root.get("version").integer(VERSION, VERSION);
        root.requireKeys(List.of("format", "version", "model", "solver", "levels", "machine", "target", "atOnce",
                "maxBatch", "cost", "forecasts", "choice", "advice", "notes"));
        SamplingPlan.Problem problem = problem(root, machine(root.get("machine")));
        Target target = root.get("target").choice(Target.values());
        int atOnce = root.get("atOnce").integer();
        int maxBatch = root.get("maxBatch").integer();
        List<ModelCost.Point> points = root.get("cost").list(PlanFile::point);
        ModelCost cost = root.get("cost").make(() -> new ModelCost(points));
        List<Forecast> forecasts = root.get("forecasts").list(PlanFile::forecast);
        int choice = root.get("choice").integer();
        Optional<Advice> advice = root.has("advice") ? Optional.of(advice(root.get("advice"), problem.machine()))
                : Optional.empty();
        return root.make(() -> new SamplingPlan(problem, target, atOnce, maxBatch, cost, forecasts, choice, advice));
    }

    private static SamplingPlan.Problem problem(JsonValue object, Machine machine) {
        List<Description> parts = object.get("model").list(JsonValue::description);
        ModelIdentity model = object.get("model").make(() -> new ModelIdentity(parts));
        Description solver = object.get("solver").description();
        List<NoiseLevel> levels = object.get("levels").list(LevelValues::read);
        return object.make(() -> new SamplingPlan.Problem(model, solver, levels, machine));
    }

    private static Advice advice(JsonValue object, Machine machine) {
        object.requireKeys(List.of("name", "model", "solver", "levels", "forecast", "error", "plainError", "distance",
                "taken"));
        SamplingPlan.Problem problem = problem(object, machine);
        Forecast forecast = forecast(object.get("forecast"));
        return object.make(() -> new Advice(object.get("name").text(), problem, forecast, object.get("error").number(),
                object.get("plainError").number(), object.get("distance").number(), object.get("taken").flag()));
    }

    private static Machine machine(JsonValue object) {
        object.requireKeys(List.of("device", "processor", "processors"));
        return object.make(() -> new Machine(object.get("device").text(), object.get("processor").text(),
                object.get("processors").integer()));
    }

    private static ModelCost.Point point(JsonValue object) {
        object.requireKeys(List.of("rows", "seconds", "noise"));
        return object.make(() -> new ModelCost.Point(object.get("rows").integer(), object.get("seconds").number(),
                object.get("noise").number()));
    }

    private static Forecast forecast(JsonValue object) {
        object.requireKeys(List.of("method", "window", "rounds", "evaluations", "modelRows", "seconds", "bytes",
                "distance", "excluded"));
        Candidate candidate = object
                .make(() -> new Candidate(object.get("method").text(), object.get("window").integer()));
        return object.make(() -> new Forecast(candidate, known(object, "rounds"), known(object, "evaluations"),
                known(object, "modelRows"), known(object, "seconds"), object.get("bytes").longInteger(),
                known(object, "distance"), object.get("excluded").text()));
    }

    /** Null where the method was not tried. */
    private static double known(JsonValue object, String key) {
        return object.has(key) ? object.get(key).number() : Double.NaN;
    }
}
