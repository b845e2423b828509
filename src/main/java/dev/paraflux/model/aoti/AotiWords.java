package dev.paraflux.model.aoti;

import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.torch.TorchWords;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a compiled model says when it refuses a call, with its inputs by the card's names. */
final class AotiWords {
    private static final Pattern INPUT = Pattern.compile("input_handles\\[(\\d+)\\]:");
    private static final String TELLS_NOTHING = "API call failed";

    private final List<String> names;
    private final String library;

    AotiWords(ModelCard card, String library) {
        names = card.inputNames();
        this.library = library;
    }

    /** What the model said of this thread's last call, in one line, or else what its runner says. */
    String of(RuntimeException failure) {
        String own = AotiLibrary.words(library);
        return named(TorchWords.of(own == null || own.isBlank() ? failure : new RuntimeException(own, failure)));
    }

    /** Whether what the model says is that there was too little memory. */
    boolean areOfMemory() {
        String own = AotiLibrary.words(library);
        return own != null && TorchWords.areOfMemory(new RuntimeException(own));
    }

    /** The number of the input that the last call of this thread was refused for; -1 if another reason, or none, is told. */
    int refusedInput() {
        String own = AotiLibrary.words(library);
        Matcher input = INPUT.matcher(own == null ? "" : own);
        return input.find() ? Integer.parseInt(input.group(1)) : -1;
    }

    /** Whether the model tells why it refuses a call: of what PyTorch 2.12 and earlier compiled, only the console is told. */
    boolean areTold() {
        return AotiLibrary.words(library) != null;
    }

    private String named(String words) {
        if (words.contains(TELLS_NOTHING)) {
            return "it gives its reason on the console alone";
        }
        Matcher input = INPUT.matcher(words);
        return input.replaceAll(
                found -> Matcher.quoteReplacement("its input " + name(Integer.parseInt(found.group(1))) + ":"));
    }

    private String name(int number) {
        return number < names.size() ? names.get(number) : String.valueOf(number);
    }
}
