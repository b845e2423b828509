package dev.paraflux.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads whole files of JSON. A key that stands twice is an error; NaN and Infinity are read, as Python writes them. */
public final class JsonFile {
    /** Settings and coefficients take less than one of these; a file of weights given by mistake is not read whole. */
    private static final int MOST_MEBIBYTES = 16;

    private static final JsonMapper JSON = Mappers.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** What Jackson says of where it reads from, which is not the file. */
    private static final Pattern SOURCE = Pattern.compile("\\[Source: [^;\\]]*; ([^\\]]*)\\]");

    private JsonFile() {}

    /**
     * Reads a file.
     *
     * @throws IOException           with the path, if it cannot be read or is not JSON
     * @throws IllegalValueException if it is longer than settings can be
     */
    public static JsonValue read(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException(file + ": is a folder, and not a file of JSON");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return read(in, file.toString());
        } catch (JsonIOException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(Reason.of(e), e);
        }
    }

    /**
     * Reads a stream to its end.
     *
     * @param name what messages call it
     * @throws IOException           with the name, if it cannot be read or is not JSON
     * @throws IllegalValueException if it is longer than settings can be
     */
    public static JsonValue read(InputStream in, String name) throws IOException {
        int most = MOST_MEBIBYTES << 20;
        byte[] bytes = in.readNBytes(most + 1);
        if (bytes.length > most) {
            throw new IllegalValueException("size", bytes.length,
                    "at most " + most + " bytes, as files of settings are").in(name);
        }
        return parse(bytes, name);
    }

    /**
     * The content that a file of these keys would have.
     *
     * @param content of texts, numbers, flags, lists, arrays and maps
     * @param name    what messages call it
     */
    public static JsonValue of(Map<String, ?> content, String name) {
        return new JsonValue(name, "", JSON.valueToTree(content));
    }

    /** The same of a text. */
    public static JsonValue parse(String text, String name) throws IOException {
        return parse(text.getBytes(StandardCharsets.UTF_8), name);
    }

    private static JsonValue parse(byte[] bytes, String name) throws IOException {
        JsonNode root;
        try {
            root = JSON.readTree(bytes);
        } catch (JsonProcessingException e) {
            String where = e.getLocation() == null ? "" : " in line " + e.getLocation().getLineNr();
            throw new JsonIOException(name + ": not JSON" + where + ": "
                    + SOURCE.matcher(e.getOriginalMessage()).replaceAll("$1"), e);
        } catch (IOException e) {
            throw new JsonIOException(name + ": not JSON: " + Reason.of(e), e);
        }
        if (root.isMissingNode()) {
            throw new JsonIOException(name + ": not JSON: it is empty", null);
        }
        return new JsonValue(name, "", root);
    }

    /** Tells errors that name the file from those that do not yet. */
    private static final class JsonIOException extends IOException {
        private static final long serialVersionUID = 1;

        JsonIOException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
