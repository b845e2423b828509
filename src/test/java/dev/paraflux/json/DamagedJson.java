package dev.paraflux.json;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.paraflux.check.IllegalValueException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Damages files of JSON in many ways, and checks how their reader takes it. -Dparaflux.fuzz=N does it N times as often. */
public final class DamagedJson {
    private static final int TIMES = Integer.getInteger("paraflux.fuzz", 1);
    /** Words, numbers, texts, brackets: what a value or a key can be swapped for, or lost. */
    private static final Pattern TOKEN = Pattern.compile("\"(?:[^\"\\\\]++|\\\\.)*+\"|[-+.\\w]+|[\\[\\]{},:]");
    private static final List<String> WRONG = List.of("0", "-1", "1", "2147483648", "9223372036854775808", "1e999",
            "-1e999", "1e-999", "1e308", "0.5", "NaN", "Infinity", "-Infinity", "true", "false", "\"\"", "\"x\"", "[]",
            "{}", "[[]]", "[0]", "{\"kind\": \"x\"}", "{\"a\": {\"b\": []}}", "\"\\ud800\"", "\"\\u0000\"",
            "1".repeat(2000),
            "\"" + "y".repeat(100_000) + "\"", "[".repeat(2000) + "]".repeat(2000), "[".repeat(100_000),
            "{\"a\":".repeat(3000));

    private DamagedJson() {}

    /** Reads a file. */
    @FunctionalInterface
    public interface Reader {
        Object read(Path file) throws IOException;
    }

    /**
     * Reads damaged files, each of which must be taken, or end in an IOException or an IllegalValueException that names the
     * file and does not speak of a null that is not in it.
     *
     * @param good content of a file that is not damaged
     * @param seed of the damage
     */
    public static void check(Path file, String good, int count, long seed, Reader reader) throws IOException {
        Random random = new Random(seed);
        int taken = 0;
        for (int trial = 0; trial < TIMES * count; trial++) {
            byte[] bytes = damaged(good, random);
            Files.write(file, bytes);
            try {
                reader.read(file);
                taken++;
            } catch (IOException | IllegalValueException e) {
                requireWords(file, e.getMessage(), bytes);
            } catch (RuntimeException | StackOverflowError e) {
                fail("trial " + trial + ": " + e + " for " + new String(bytes, StandardCharsets.UTF_8), e);
            }
        }
        assertTrue(taken < TIMES * count / 2, taken + " of " + TIMES * count + " were taken: that is no damage");
    }

    private static void requireWords(Path file, String message, byte[] bytes) {
        assertTrue(message.startsWith(file + ": "), message);
        // Jackson lists the words that JSON has.
        String told = message.replace("token 'null', 'true'", "").replace("nullLabel", "");
        String given = new String(bytes, StandardCharsets.ISO_8859_1).replace("nullLabel", "");
        assertFalse(told.contains("null") && !given.contains("null"), message);
        assertTrue(message.length() < 1000, message);
    }

    private static byte[] damaged(String good, Random random) {
        String text = good;
        for (int blow = 0; blow <= random.nextInt(3); blow++) {
            text = random.nextInt(4) == 0 ? cut(text, random) : swapped(text, random);
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (random.nextInt(3) == 0 && bytes.length > 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return random.nextInt(20) == 0 ? marked(bytes) : bytes;
    }

    private static String cut(String text, Random random) {
        int from = random.nextInt(text.length() + 1);
        int to = Math.min(text.length(), from + random.nextInt(20));
        return switch (random.nextInt(3)) {
            case 0 -> text.substring(0, from);
            case 1 -> text.substring(0, from) + text.substring(to);
            default -> text.substring(0, to) + text.substring(from);
        };
    }

    /** One token is another one of the file, or something else, or gone. */
    private static String swapped(String text, Random random) {
        List<int[]> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(text);
        while (matcher.find() && tokens.size() < 5000) {
            tokens.add(new int[] {matcher.start(), matcher.end()});
        }
        if (tokens.isEmpty()) {
            return text;
        }
        int[] token = tokens.get(random.nextInt(tokens.size()));
        int[] other = tokens.get(random.nextInt(tokens.size()));
        String instead = switch (random.nextInt(4)) {
            case 0 -> "";
            case 1 -> text.substring(other[0], other[1]);
            default -> WRONG.get(random.nextInt(WRONG.size()));
        };
        return text.substring(0, token[0]) + instead + text.substring(token[1]);
    }

    private static byte[] marked(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes("\ufeff".getBytes(StandardCharsets.UTF_8));
        out.writeBytes(bytes);
        return out.toByteArray();
    }
}
