package dev.paraflux.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;

/**
 * Writes JSON: of maps, lists, texts, numbers, true and false, null, {@link Description} and {@link JsonValue}. The same
 * value gives the same bytes; keys stand in the order of their map, and doubles keep all their bits.
 *
 * <p>A number of a program that is not finite is written as null, which JSON has a word for. What was read is written as
 * it was: a scheduler's {@code -Infinity} stays that.
 */
public final class JsonWriter {
    private static final JsonMapper JSON = Mappers.builder().disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
            .addModule(new SimpleModule().addSerializer(new AsRead()).addSerializer(new AsMap())
                    .addSerializer(Double.class, new OrNull<>(Double.class))
                    .addSerializer(Float.class, new OrNull<>(Float.class)))
            .build();

    private JsonWriter() {}

    /**
     * All on one line, without one at the end.
     *
     * @throws IllegalStateException if there is something in it that JSON has no form for
     */
    public static String line(Object value) {
        return text(JSON.writer(), value);
    }

    /** To be read, and compared by diff: lines are broken, but for what lies in a list. Ends in a line feed. */
    public static String lines(Object value) {
        return text(JSON.writer(ListLines.printer()), value) + "\n";
    }

    private static String text(ObjectWriter writer, Object value) {
        try {
            return writer.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static final class AsRead extends StdSerializer<JsonValue> {
        private static final long serialVersionUID = 1;

        AsRead() {
            super(JsonValue.class);
        }

        @Override
        public void serialize(JsonValue value, JsonGenerator out, SerializerProvider provider) throws IOException {
            provider.defaultSerializeValue(value.node(), out);
        }
    }

    private static final class AsMap extends StdSerializer<Description> {
        private static final long serialVersionUID = 1;

        AsMap() {
            super(Description.class);
        }

        @Override
        public void serialize(Description value, JsonGenerator out, SerializerProvider provider) throws IOException {
            provider.defaultSerializeValue(value.toMap(), out);
        }
    }

    private static final class OrNull<N extends Number> extends StdSerializer<N> {
        private static final long serialVersionUID = 1;

        OrNull(Class<N> type) {
            super(type);
        }

        @Override
        public void serialize(N value, JsonGenerator out, SerializerProvider provider) throws IOException {
            if (!Double.isFinite(value.doubleValue())) {
                out.writeNull();
            } else if (value instanceof Float single) {
                out.writeNumber(single);
            } else {
                out.writeNumber(value.doubleValue());
            }
        }
    }
}
