package dev.paraflux.model.pretrained;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.json.DamagedJson;
import dev.paraflux.schedule.Prediction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
        assertEquals(List.of("x", "t", "label"), card.inputNames());
        assertEquals(10, card.labels());
        assertEquals(OptionalInt.of(10), card.label().orElseThrow().nullValue());
        assertEquals(2, card.defaultGuidance());
        assertEquals(Prediction.EPSILON, card.scheduler().prediction());
    }

    @Test
    void theCardLiesBesideTheModelUnderTheSameStem() {
        assertEquals(Path.of("models/digits.v2.json"), ModelCard.beside(Path.of("models/digits.v2.pt")));
        assertEquals(Path.of("digits.json"), ModelCard.beside(Path.of("digits")));
        assertEquals("model \"/\": must be a file",
                assertThrows(IllegalArgumentException.class, () -> ModelCard.beside(Path.of("/"))).getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "\"format\": 1|\"format\": 2|format 2: must be a whole number, 1 to 1",
            "\"format\": 1,||format missing: must be a whole number, 1 to 1",
            "[1, 28, 28]|[1, 1, 1, 28, 28]|shape [1, 1, 1, 28, 28]: must be a list of 1 to 4 sizes, each 1 or more",
            "[1, 28, 28]|[]|shape []: must be a list of 1 to 4 sizes, each 1 or more",
            "[1, 28, 28]|[1, 0, 28]|shape [1, 0, 28]: must be a list of 1 to 4 sizes, each 1 or more",
            "[1, 28, 28]|[1, 65536, 65536]|shape [1, 65536, 65536]: must be a list of 1 to 4 sizes, each 1 or more, together",
            "[1, 28, 28]|[1, 28, 28.5]|shape[2] 28.5: must be a whole number",
            "[1, 28, 28]|[1, 28, 1e999]|shape[2] Infinity: must be a whole number",
            "[1, 28, 28]|\"1x28x28\"|shape \"1x28x28\": must be a list",
            "\"label\"]|\"y\"]|inputs[2] \"y\": must be label, encoder_hidden_states, or an object with name, type and shape",
            "\"label\"]|\"encoder_hidden_states\"]|embedding missing: must be a list",
            "[\"x\", \"t\", \"label\"]|\"x\"|inputs \"x\": must be a list",
            "\"label\"]|7]|inputs[2] 7: must be an object",
            ", \"label\"]|]|labels 10: must be left out for a module that takes no label",
            "\"digits\"|[\"digits\"]|name [\"digits\"]: must be a text",
            "\"labels\": 10|\"labels\": 0|labels 0: must be a whole number, 1 or more",
            "\"labels\": 10,||labels missing: must be a whole number",
            "\"labels\": 10|\"labels\": 9999999999|labels 9999999999: must be a whole number, 1 or more",
            "\"nullLabel\": 10|\"nullLabel\": \"ten\"|nullLabel \"ten\": must be a whole number",
            "\"nullLabel\": 10|\"nullLabel\": -2|nullLabel -2: must be a whole number, 0 or more",
            "2.0|\"two\"|defaultGuidance \"two\": must be a finite number",
            "2.0|NaN|defaultGuidance NaN: must be a finite number",
            "2.0|1e999|defaultGuidance Infinity: must be a finite number",
            "{\"beta_schedule\": \"linear\"}|7|scheduler 7: must be an object",
            "\"linear\"|\"curly\"|scheduler.beta_schedule \"curly\": must be one of linear, scaled_linear, squaredcos_cap_v2, sigmoid"})
    void anIllegalValueIsNamedWithWhatIsLegal(String good, String bad, String message) {
        String json = GOOD.replace(good, bad == null ? "" : bad);
        String found = assertThrows(IllegalValueException.class, () -> read(json)).getMessage();
        assertTrue(found.startsWith(file() + ": " + message), found);
    }

    @Test
    void aMisspeltKeyIsRefusedWithTheOneThatWasMeant() {
        String found = assertThrows(IllegalValueException.class,
                () -> read(GOOD.replace("\"nullLabel\"", "\"nulLabel\"")))
                .getMessage();
        assertTrue(found.startsWith(file() + ": nulLabel 10: must be left out: there is no such key. The nearest is"
                + " nullLabel, legal are format, name, shape, "), found);
    }

    @Test
    void notesAreFree() throws IOException {
        assertEquals(read(GOOD),
                read(GOOD.replace("{\"format\"", "{\"notes\": {\"a\": [1, {}]}, \"trained\": 1, \"format\"")));
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheCard() throws IOException {
        assertEquals(read(GOOD), read("\ufeff" + GOOD));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n", "{\"format\": 1,", "{} {}", "{\"format\": 1, \"format\": 1}", "PK\u0003"})
    void whatIsNotJsonIsSaidToBeSo(String text) {
        String message = assertThrows(IOException.class, () -> read(text)).getMessage();
        assertTrue(message.startsWith(file() + ": not JSON"), message);
    }

    /** Whatever is wrong with a card, the user is told the file, and nothing that is not in it. */
    @Test
    void damagedCardsAreReadOrRefusedInWords() throws IOException {
        DamagedJson.check(file(), GOOD, 4_000, 1, ModelCard::read);
    }

    private Path file() {
        return folder.resolve("card.json");
    }

    private ModelCard read(String json) throws IOException {
        Files.writeString(file(), json);
        return ModelCard.read(file());
    }
}
