package dev.paraflux.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.schedule.Prediction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelCardTest {
    private static final String GOOD = """
            {"format": 1, "name": "digits", "shape": [1, 28, 28], "inputs": ["x", "t", "label"], "labels": 10,
             "nullLabel": 10, "defaultGuidance": 2.0, "scheduler": {"beta_schedule": "linear"}, "licence": "any"}
            """;

    @TempDir
    Path folder;

    @Test
    void aCardTellsWhatTheModelIs() throws IOException {
        ModelCard card = read(GOOD);
        assertEquals("digits", card.name());
        assertEquals(List.of(1, 28, 28), card.shape());
        assertEquals(ModelCard.Input.LABEL, card.input());
        assertEquals(10, card.labels());
        assertEquals(10, card.nullLabel());
        assertEquals(2, card.defaultGuidance());
        assertEquals(Prediction.EPSILON, card.scheduler().prediction());
    }

    @Test
    void theCardLiesBesideTheModelUnderTheSameStem() {
        assertEquals(Path.of("models/digits.v2.json"), ModelCard.beside(Path.of("models/digits.v2.pt")));
        assertEquals(Path.of("digits.json"), ModelCard.beside(Path.of("digits")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "\"format\": 1|\"format\": 2|format is 2: must be 1",
            "\"format\": 1,||format is -1: must be 1",
            "[1, 28, 28]|[1, 28]|shape is [1,28]: must be a list of 3 sizes, each 1 or more",
            "[1, 28, 28]|[1, 0, 28]|shape is [1,0,28]: must be a list of 3 sizes, each 1 or more",
            "\"label\"]|\"y\"]|inputs is [\"x\",\"t\",\"y\"]: must be [x, t], [x, t, label] or [x, t, encoder_hidden_states]",
            "\"labels\": 10|\"labels\": 0|labels is 0: must be 1 or more, for a module that takes a label",
            "\"nullLabel\": 10|\"nullLabel\": \"ten\"|nullLabel is \"ten\": must be an integer",
            "\"nullLabel\": 10|\"nullLabel\": -2|nullLabel is -2: must be 0 or more, or absent",
            "2.0|\"two\"|defaultGuidance is \"two\": must be a finite number",
            "{\"beta_schedule\": \"linear\"}|7|scheduler is 7: must be an object with the keys of scheduler_config.json",
            "\"linear\"|\"curly\"|beta_schedule is \"curly\", legal: linear, scaled_linear, squaredcos_cap_v2"})
    void anIllegalValueIsNamedWithWhatIsLegal(String good, String bad, String message) {
        String json = GOOD.replace(good, bad == null ? "" : bad);
        String found = assertThrows(IllegalArgumentException.class, () -> read(json)).getMessage();
        assertTrue(found.startsWith(folder.resolve("card.json").toString()), found);
        assertTrue(found.contains(message), found);
    }

    @Test
    void whatIsNotJsonIsSaidToBeSo() {
        String message = assertThrows(IOException.class, () -> read("{\"format\": 1,")).getMessage();
        assertTrue(message.contains("card.json is not JSON"), message);
    }

    private ModelCard read(String json) throws IOException {
        Path file = folder.resolve("card.json");
        Files.writeString(file, json);
        return ModelCard.read(file);
    }
}
