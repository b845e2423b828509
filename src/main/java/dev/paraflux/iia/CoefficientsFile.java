package dev.paraflux.iia;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.paraflux.iia.IiaCoefficients.Calibration;
import dev.paraflux.iia.IiaCoefficients.Problem;
import dev.paraflux.iia.IiaCoefficients.Step;
import dev.paraflux.io.AtomicFile;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The JSON that coefficients are kept in. Every key must be there, so that a misspelt one is found; keys that are not
 * known are left alone, so that one may add a note. What changes the meaning of a key changes the version.
 */
final class CoefficientsFile {
    private static final String FORMAT = "paraflux-iia";
    private static final int VERSION = 1;

    /** Coefficients of a thousand steps, on ten thousand fine ones, take less than one of these. */
    private static final int MOST_MEBIBYTES = 16;

    /** NaN is read, so that its key can be named. */
    private static final JsonMapper JSON = JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private CoefficientsFile() {}

    static void write(IiaCoefficients coefficients, Path file) throws IOException {
        byte[] text = JSON.writer(ListLines.printer()).writeValueAsBytes(json(coefficients));
        AtomicFile.write(file, out -> {
            out.write(text);
            out.write('\n');
        });
    }

    private static ObjectNode json(IiaCoefficients coefficients) {
        ObjectNode root = JSON.createObjectNode().put("format", FORMAT).put("version", VERSION);
        Problem problem = coefficients.problem();
        problem.model().forEach(root.putArray("model")::add);
        root.put("prediction", problem.prediction().name()).put("solver", problem.solver());
        addLevels(root.putArray("levels"), problem.levels());
        root.putObject("correction").put("vectors", coefficients.correction().vectors().name())
                .put("history", coefficients.correction().history());
        Calibration calibration = coefficients.calibration();
        ObjectNode fitted = root.putObject("calibration").put("fineSolver", calibration.fineSolver());
        addLevels(fitted.putArray("fineLevels"), calibration.fineLevels());
        fitted.put("firstSeed", calibration.firstSeed()).put("samples", calibration.samples())
                .put("heldOut", calibration.heldOut()).put("ridge", calibration.ridge())
                .put("onCorrected", calibration.onCorrected());
        root.put("plainError", coefficients.plainError()).put("correctedError", coefficients.correctedError());
        ArrayNode steps = root.putArray("steps");
        for (Step step : coefficients.steps()) {
            ObjectNode object = steps.addObject();
            step.factors().forEach(object.putArray("factors")::add);
            object.put("rank", step.rank()).put("kept", step.kept()).put("left", step.left())
                    .put("errorBefore", step.errorBefore()).put("errorAfter", step.errorAfter());
        }
        return root;
    }

    private static void addLevels(ArrayNode array, List<NoiseLevel> levels) {
        levels.forEach(level -> array.addArray().add(level.time()).add(level.alpha()).add(level.sigma()));
    }

    static IiaCoefficients read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("file of coefficients " + file + " does not exist or is not a file");
        }
        return coefficients(new JsonValue(file.toString(), "", parse(file, bytes(file))));
    }

    private static byte[] bytes(Path file) throws IOException {
        int most = MOST_MEBIBYTES << 20;
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(most + 1);
            if (bytes.length > most) {
                throw new IllegalArgumentException(
                        file + " is no file of coefficients: must be at most " + MOST_MEBIBYTES + " MiB");
            }
            return bytes;
        }
    }

    private static JsonNode parse(Path file, byte[] bytes) throws IOException {
        JsonNode root;
        try {
            root = JSON.readTree(bytes);
        } catch (JsonProcessingException e) {
            throw new IOException(file + " is not whole JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new IOException(file + " is not whole JSON: " + e.getMessage(), e);
        }
        if (root.isMissingNode()) {
            throw new IOException(file + " is not whole JSON: it is empty");
        }
        return root;
    }

    private static IiaCoefficients coefficients(JsonValue root) {
        requireFormat(root);
        Problem problem = root.make(() -> new Problem(root.get("model").list().stream().map(JsonValue::text).toList(),
                root.get("prediction").choice(names(Prediction.values())), root.get("solver").text(),
                levels(root.get("levels"))));
        JsonValue kind = root.get("correction");
        Correction correction = kind
                .make(() -> new Correction(kind.get("vectors").choice(names(CorrectionVectors.values())),
                        kind.get("history").integer()));
        List<Step> steps = root.get("steps").list().stream().map(CoefficientsFile::step).toList();
        return root.make(() -> new IiaCoefficients(problem, correction, calibration(root.get("calibration")), steps,
                root.get("plainError").number(), root.get("correctedError").number()));
    }

    private static void requireFormat(JsonValue root) {
        JsonValue format = root.get("format");
        if (!format.node().isTextual() || !format.text().equals(FORMAT)) {
            throw format.wrong("\"" + FORMAT + "\"");
        }
        JsonValue version = root.get("version");
        if (version.integer() != VERSION) {
            throw version.wrong(String.valueOf(VERSION));
        }
    }

    private static Calibration calibration(JsonValue object) {
        return object.make(() -> new Calibration(object.get("fineSolver").text(), levels(object.get("fineLevels")),
                object.get("firstSeed").longInteger(), object.get("samples").integer(), object.get("heldOut").integer(),
                object.get("ridge").number(), object.get("onCorrected").flag()));
    }

    private static Step step(JsonValue object) {
        return object.make(() -> new Step(object.get("factors").list().stream().map(JsonValue::number).toList(),
                object.get("rank").integer(), object.get("kept").flag(), object.get("left").number(),
                object.get("errorBefore").number(), object.get("errorAfter").number()));
    }

    private static List<NoiseLevel> levels(JsonValue list) {
        return list.list().stream().map(CoefficientsFile::level).toList();
    }

    private static NoiseLevel level(JsonValue level) {
        List<JsonValue> numbers = level.list();
        if (numbers.size() != 3) {
            throw level.wrong("[time, alpha, sigma]");
        }
        return level.make(
                () -> new NoiseLevel(numbers.get(0).number(), numbers.get(1).number(), numbers.get(2).number()));
    }

    private static <E extends Enum<E>> Map<String, E> names(E[] values) {
        Map<String, E> names = new LinkedHashMap<>();
        for (E value : values) {
            names.put(value.name(), value);
        }
        return names;
    }
}
