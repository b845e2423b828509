package dev.paraflux.cli.command;

import dev.paraflux.demo.DemoModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The demo model as a user's own files. */
record DigitsFiles(Path model, Path card) {

    static DigitsFiles copyTo(Path folder) throws IOException {
        return new DigitsFiles(copy("digits.pt", folder), copy("digits.json", folder));
    }

    private static Path copy(String name, Path folder) throws IOException {
        Path file = folder.resolve(name);
        try (InputStream in = DemoModel.class.getResourceAsStream(name)) {
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        }
        return file;
    }

    /** Changes the card's text. */
    void edit(String text, String replacement) throws IOException {
        String old = Files.readString(card);
        if (!old.contains(text)) {
            throw new IllegalArgumentException("the card does not contain " + text + ": " + old);
        }
        Files.writeString(card, old.replace(text, replacement));
    }
}
