package dev.paraflux.model.torch;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What libtorch and the code of a module say when they fail, without the traces of Python and C++ around it. */
public final class TorchWords {
    private static final int MOST = 400;
    private static final Pattern KIND = Pattern.compile("^((?:\\w+\\.)*\\w*(?:Error|Exception)): ?");

    private static final Pattern UNKNOWN = Pattern.compile("Unknown builtin op: ([\\w:.]+\\w)");

    private TorchWords() {}

    /** One line. */
    public static String of(RuntimeException failure) {
        String text = String.valueOf(failure.getMessage());
        Matcher unknown = UNKNOWN.matcher(text);
        if (unknown.find()) {
            return "it uses " + unknown.group(1)
                    + ", which came with a later PyTorch, or in an extension: export it with"
                    + " torch.jit.trace, which leaves out what a run does not come to, or with an earlier PyTorch";
        }
        int traced = text.lastIndexOf("<--- HERE");
        if (text.startsWith("The following operation failed") && traced >= 0) {
            text = afterTrace(text.substring(traced));
        }
        for (String end : new String[] {"\nException raised from", "\nPosition:", " Declaration:"}) {
            int at = text.indexOf(end);
            text = at < 0 ? text : text.substring(0, at);
        }
        text = text.strip().replaceAll("[\\s\\p{Cntrl}]+", " ");
        if (text.isEmpty() || text.equals("std::bad_alloc")) {
            return text.isEmpty() ? "it gives no reason" : "there is not enough memory";
        }
        return text.length() <= MOST ? text : text.substring(0, MOST) + "...";
    }

    /** Whether the module's own code raised it: libtorch's own errors have no such name. */
    static boolean areRaised(RuntimeException failure) {
        return String.valueOf(failure.getMessage()).lines()
                .anyMatch(line -> line.startsWith("builtins.") || line.startsWith("RuntimeError: AssertionError"));
    }

    /** Whether a device had no memory for the call: fewer rows may fit. */
    public static boolean areOfMemory(RuntimeException failure) {
        String text = String.valueOf(failure.getMessage());
        return text.contains("CUDA out of memory") || text.contains("CUDA error: out of memory");
    }

    /** Behind the quoted code stands the error, with the module's own words, which can have several lines. */
    private static String afterTrace(String text) {
        String[] lines = text.split("\n", -1);
        for (int i = 1; i < lines.length; i++) {
            Matcher kind = KIND.matcher(lines[i]);
            if (kind.find()) {
                lines[i] = lines[i].substring(kind.end());
                String words = String.join("\n", Arrays.asList(lines).subList(i, lines.length));
                if (words.startsWith("AssertionError: ")) {
                    words = words.substring("AssertionError: ".length());
                }
                return words.isBlank() ? kind.group(1) + " without words" : words;
            }
        }
        return lines[lines.length - 1];
    }
}
