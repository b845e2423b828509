package dev.paraflux.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonValueTest {
    private static JsonValue json(String text) throws IOException {
        return JsonFile.parse(text, "a.json");
    }

    @Test
    void errorsNameFileKeyValueAndWhatIsLegal() throws IOException {
        JsonValue root = json("{\"a\": {\"b\": [1, \"x\", 2.5]}, \"n\": null}");
        List<JsonValue> list = root.get("a").get("b").list();
        assertEquals(1, list.get(0).integer());
        refused("a.json: a.b[1] \"x\": must be a whole number, 0 to 9", () -> list.get(1).integer(0, 9));
        refused("a.json: a.b[2] 2.5: must be a whole number of 32 bits", () -> list.get(2).integer());
        refused("a.json: c missing: must be a text", () -> root.get("c").text());
        refused("a.json: n null: must be true or false", () -> root.get("n").flag());
        refused("a.json: a.b[1] \"x\": must be one of y, z", () -> list.get(1)
                .choice(new java.util.TreeMap<>(Map.of("y", 1, "z", 2))));
        refused("a.json: a.b [1,\"x\",2.5]: must be an object", () -> root.get("a").get("b").get("c"));
    }

    @Test
    void whatIsMadeOfItNamesItsKey() throws IOException {
        JsonValue object = json("{\"a\": {\"k\": 7}}").get("a");
        refused("a.json: a.k 7: must be 1 to 3",
                () -> object.make(() -> Require.between(1, 3, "k", object.get("k").integer())));
        refused("a.json: a.k 7: must be a text", () -> object.make(() -> object.get("k").text()));
    }

    @Test
    void nullIsAbsentWhereItIsAskedFor() throws IOException {
        JsonValue root = json("{\"n\": null, \"m\": NaN}");
        assertFalse(root.has("n"));
        assertFalse(root.get("n").isPresent());
        assertTrue(root.has("m"));
        refused("a.json: m NaN: must be a finite number", () -> root.get("m").number());
    }

    @Test
    void whatIsNoJsonSaysWhere() {
        failed("a.json: not JSON: it is empty", "");
        failed("a.json: not JSON in line 2: ", "{\n\"a\" 1}");
        failed("a.json: not JSON in line 1: Duplicate field 'a'", "{\"a\": 1, \"a\": 2}");
        failed("a.json: not JSON in line 1: ", "{} {}");
        failed("a.json: not JSON in line 1: Unexpected end-of-input: expected close marker for Object (start marker at"
                + " line: 1, column: 1)", "{\"a\": 1");
    }

    @Test
    void filesThatAreNoneSayWhy(@TempDir Path folder) {
        Path missing = folder.resolve("b.json");
        assertEquals(missing + ": no such file",
                assertThrows(IOException.class, () -> JsonFile.read(missing)).getMessage());
        assertEquals(folder + ": is a folder, and not a file of JSON",
                assertThrows(IOException.class, () -> JsonFile.read(folder)).getMessage());
    }

    @Test
    void weightsGivenByMistakeAreNotReadWhole() {
        refused("a.json: size 16777217: must be at most 16777216 bytes, as files of settings are",
                () -> JsonFile.read(new ByteArrayInputStream(new byte[20_000_000]), "a.json"));
    }

    @Test
    void aKeyThatIsNotKnownIsRefusedWithTheNearestThatIs() throws IOException {
        JsonValue root = json("{\"a\": {\"lables\": 10, \"shape\": 1}}");
        List<String> legal = List.of("labels", "shape");
        refused("a.json: a.lables 10: must be left out: there is no such key. The nearest is labels, legal are labels,"
                + " shape", () -> root.get("a").requireKeys(legal));
        assertEquals(root.get("a"), root.get("a").requireKeys(List.of("lables", "shape")));
    }

    @Test
    void theSameValueIsTheSameWhereverItStands() throws IOException {
        JsonValue root = json("{\"a\": [1, {\"x\": 2}], \"b\": {\"x\": 2}}");
        assertEquals(root.get("a").list().get(1), root.get("b"));
        assertEquals(root.get("b").hashCode(), json("{\"x\": 2}").hashCode());
        assertFalse(root.get("a").equals(root.get("b")));
    }

    @Test
    void enumsAreReadByTheirNames() throws IOException {
        assertEquals(Thread.State.NEW, json("\"NEW\"").choice(Thread.State.values()));
        refused("a.json: content \"new\": must be one of NEW, RUNNABLE, BLOCKED, WAITING, TIMED_WAITING, TERMINATED",
                () -> json("\"new\"").choice(Thread.State.values()));
    }

    @Test
    void bytesThatAreNoTextAndBracketsWithoutEndAreNoJson() {
        failed("a.json: not JSON", "[".repeat(1_000_000));
        failed("a.json: not JSON", "{\"a\":".repeat(1_000_000));
        String message = assertThrows(IOException.class,
                () -> JsonFile.read(new ByteArrayInputStream(new byte[] {'"', (byte) 0xff, (byte) 0xfe, '"'}),
                        "a.json"))
                .getMessage();
        assertTrue(message.startsWith("a.json: not JSON"), message);
    }

    private static void failed(String begin, String text) {
        String message = assertThrows(IOException.class, () -> json(text)).getMessage();
        assertTrue(message.startsWith(begin), message);
    }

    private static void refused(String message, org.junit.jupiter.api.function.Executable action) {
        assertEquals(message, assertThrows(IllegalValueException.class, action).getMessage());
    }
}
