package dev.paraflux.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.check.IllegalValueException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DescriptionTest {
    private static final Description ALL = Description.of("a.b$C-d").with("text", "x \"y\"\n").with("whole", 3)
            .with("part", 0.1).with("zero", -0.0).with("large", 1e300).with("on", true)
            .with("numbers", List.of(1, 2.5)).with("inner", Description.of("label").with("label", 7));

    @Test
    void whatIsWrittenIsRead() throws IOException {
        assertEquals(ALL, JsonFile.parse(JsonWriter.line(ALL), "a.json").description());
        assertEquals(ALL, JsonFile.parse(JsonWriter.lines(List.of(ALL)), "a.json").list().get(0).description());
    }

    @Test
    void kindComesFirstAndSettingsInTheOrderOfTheirNames() {
        assertEquals("{\"kind\":\"guidance\",\"rescale\":0.5,\"weight\":2}",
                JsonWriter.line(Description.of("guidance").with("weight", 2.0).with("rescale", 0.5)));
    }

    @Test
    void whoseValuesAreTheSameIsTheSame() {
        Description two = Description.of("k").with("n", 2);
        assertEquals(two, Description.of("k").with("n", 2.0));
        assertEquals(two.hashCode(), Description.of("k").with("n", 2L).hashCode());
        assertNotEquals(two, Description.of("k").with("n", "2"));
        assertNotEquals(two, Description.of("l").with("n", 2));
        assertNotEquals(two, Description.of("k"));
        assertEquals(2, two.number("n").orElseThrow());
        assertTrue(two.number("m").isEmpty());
    }

    @Test
    void wordsShortenDigests() {
        assertEquals("torchscript (name x, sha256 0123456789ab...)", Description.of("torchscript").with("name", "x")
                .with("sha256", "0123456789abcdef".repeat(4)).toString());
        assertEquals("plain", Description.of("plain").toString());
    }

    @Test
    void whatIsNoValueIsRefused() {
        for (Object value : Arrays.asList(Double.NaN, Float.POSITIVE_INFINITY, 'c', List.of("x"),
                List.of(Double.NaN))) {
            String message = assertThrows(IllegalValueException.class, () -> ALL.with("k", value)).getMessage();
            assertTrue(message.startsWith("a.b$C-d.k "), message);
        }
        assertThrows(NullPointerException.class, () -> ALL.with("k", null));
        assertThrows(IllegalValueException.class, () -> ALL.with("kind", "x"));
        assertThrows(IllegalValueException.class, () -> ALL.with("two words", "x"));
        assertThrows(IllegalValueException.class, () -> Description.of(""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"kind\": 7}", "{}", "[]", "7", "{\"kind\": \"a b\"}", "{\"kind\": \"k\", \"x\": null}",
            "{\"kind\": \"k\", \"x\": 1e999}", "{\"kind\": \"k\", \"x\": [[]]}", "{\"kind\": \"k\", \"x\": {}}",
            "{\"kind\": \"k\", \"x y\": 1}"})
    void whatIsNoDescriptionNamesTheFile(String text) throws IOException {
        JsonValue value = JsonFile.parse(text, "a.json");
        String message = assertThrows(IllegalValueException.class, value::description).getMessage();
        assertTrue(message.startsWith("a.json: "), message);
    }
}
