package dev.paraflux.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonWriterTest {
    @Test
    void keysStandInTheOrderOfTheirMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("z", 1);
        map.put("a", Arrays.asList(true, null, "\u00e4\"", 0.1, 0.1f, Long.MIN_VALUE));
        assertEquals("{\"z\":1,\"a\":[true,null,\"\u00e4\\\"\",0.1,0.1,-9223372036854775808]}", JsonWriter.line(map));
    }

    @Test
    void listsAreLinesOfTheirElements() {
        Map<String, Object> inner = new LinkedHashMap<>();
        inner.put("b", List.of(1, 2));
        inner.put("c", Map.of("d", 3));
        assertEquals("{\n  \"a\": [\n    { \"b\": [ 1, 2 ], \"c\": { \"d\": 3 } }\n  ]\n}\n",
                JsonWriter.lines(Map.of("a", List.of(inner))));
    }

    /** JSON has no NaN, and what reads the output of a program knows none. */
    @Test
    void whatIsNotFiniteIsNull() {
        assertEquals("[null,null,null]",
                JsonWriter.line(List.of(Double.NaN, Double.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY)));
    }

    /** diffusers writes a scheduler's -Infinity as Python does, and reads it so. */
    @Test
    void whatWasReadIsWrittenAsItWas() throws IOException {
        String text = "{\"z\":-Infinity,\"a\":[NaN,1.50,\"\",null,{}],\"b\":12345678901234567890}";
        JsonValue read = JsonFile.parse(text, "a.json");
        assertEquals("{\"settings\":" + text.replace("1.50", "1.5") + "}", JsonWriter.line(Map.of("settings", read)));
        assertEquals(read, JsonFile.parse(JsonWriter.lines(read), "b.json"));
    }
}
