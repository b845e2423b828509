package dev.paraflux.model.torch;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** TorchScript archives taken apart and put together again, with sums that are right whatever was changed. */
public final class TestArchives {
    private TestArchives() {}

    /** The entries of an archive, in their order. */
    public static Map<String, byte[]> read(Path file) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                entries.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
            }
        }
        return entries;
    }

    /** Writes entries, none of them compressed. */
    public static Path write(Path file, Map<String, byte[]> entries) throws IOException {
        try (OutputStream out = Files.newOutputStream(file); ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.setMethod(ZipOutputStream.STORED);
            for (Map.Entry<String, byte[]> next : entries.entrySet()) {
                ZipEntry entry = new ZipEntry(next.getKey());
                CRC32 sum = new CRC32();
                sum.update(next.getValue());
                entry.setCrc(sum.getValue());
                entry.setSize(next.getValue().length);
                zip.putNextEntry(entry);
                zip.write(next.getValue());
                zip.closeEntry();
            }
        }
        return file;
    }

    /** The same archive in another file, with one entry changed. */
    public static Path change(Path file, Path to, String entryEnd, UnaryOperator<byte[]> change) throws IOException {
        Map<String, byte[]> entries = read(file);
        String name = entries.keySet().stream().filter(path -> path.endsWith(entryEnd)).findFirst().orElseThrow();
        entries.compute(name, (path, bytes) -> change.apply(bytes));
        return write(to, entries);
    }
}
