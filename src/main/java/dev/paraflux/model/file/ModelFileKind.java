package dev.paraflux.model.file;

import dev.paraflux.check.Reason;
import dev.paraflux.model.aoti.AotiBackend;
import dev.paraflux.model.onnx.OnnxBackend;
import dev.paraflux.model.pretrained.Backend;
import dev.paraflux.model.torch.TorchBackend;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** What a file is, told by its bytes, so that one that is no model is refused by what it is instead. */
enum ModelFileKind {
    /** What torch.jit.save writes, whole or damaged. */
    TORCHSCRIPT(new TorchBackend()),
    /** A protobuf of a graph. */
    ONNX(new OnnxBackend()),
    /** A package that AOTInductor compiled. */
    AOTINDUCTOR(new AotiBackend());

    private static final int HEAD = 512;
    private static final String EXPORT = "export the model to TorchScript, ONNX or AOTInductor with"
            + " tools/export_model.py (see tools/README.md)";

    private final Backend backend;

    ModelFileKind(Backend backend) {
        this.backend = backend;
    }

    /** Who runs such files. */
    Backend backend() {
        return backend;
    }

    /**
     * Tells what a file is.
     *
     * @throws IOException if it is no model that the library runs, or cannot be read; it says what it is, and what to do
     */
    static ModelFileKind of(Path file) throws IOException {
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(HEAD);
        } catch (IOException e) {
            throw new IOException("model file " + file + " cannot be read: " + Reason.of(e), e);
        }
        if (isOnnx(head)) {
            return ONNX;
        }
        if (starts(head, "PK") && isCompiled(file)) {
            return AOTINDUCTOR;
        }
        String other = starts(head, "PK") ? ofArchive(file) : ofBytes(head, Files.size(file));
        if (other != null) {
            throw new IOException("model file " + file + " is " + other);
        }
        return TORCHSCRIPT;
    }

    /** Where the archive is damaged, none: what is wrong with it, TorchArchive says. */
    private static List<String> names(Path file) {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            return zip.stream().map(ZipEntry::getName).toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static boolean isCompiled(Path file) {
        return names(file).stream().anyMatch(name -> ("/" + name).contains("/data/aotinductor/"));
    }

    private static String ofArchive(Path file) {
        List<String> names = names(file);
        if (names.isEmpty()) {
            return null;
        }
        Predicate<String> any = part -> names.stream().anyMatch(name -> ("/" + name).contains(part));
        if (any.test("/constants.pkl") && any.test("/data.pkl")) {
            return null;
        }
        if (any.test("/archive_format") || any.test("/serialized_exported_program.json")) {
            return "a program of torch.export, which nothing here runs as it is; " + EXPORT;
        }
        if (any.test("/data.pkl")) {
            return "weights without a program (a state_dict or a pickled model, as torch.save writes): load it in Python"
                    + " and " + EXPORT;
        }
        if (names.stream().allMatch(name -> name.endsWith(".npy"))) {
            return "an .npz of arrays, and not a model";
        }
        return "a zip archive, but not one of TorchScript: it has no data.pkl and constants.pkl; " + EXPORT;
    }

    private static String ofBytes(byte[] head, long bytes) {
        if (head.length == 0) {
            return "empty";
        }
        if ((head[0] & 0xff) == 0x80 && head.length > 1 && head[1] >= 2 && head[1] <= 5) {
            return "a Python pickle (old files of torch.save are): it holds weights or objects without a program; load it"
                    + " in Python and " + EXPORT;
        }
        if (head.length > 8 && head[8] == '{' && headerBytes(head) > 0 && headerBytes(head) <= bytes - 8) {
            if (new String(head, StandardCharsets.ISO_8859_1).contains("lora")) {
                return "a LoRA, which changes a model and is none: load the model in Python, then load_lora_weights,"
                        + " fuse_lora and unload_lora_weights, and " + EXPORT;
            }
            return "a safetensors file, weights without a program: load them in Python and " + EXPORT;
        }
        if (starts(head, "GGUF")) {
            return "a GGUF file, weights without a program: " + EXPORT;
        }
        if (starts(head, "version https://git-lfs")) {
            return "a pointer of Git LFS, and not the model itself: run git lfs pull, or download the file";
        }
        if (isText(head)) {
            String text = new String(head, StandardCharsets.UTF_8).stripLeading();
            return text.startsWith("<") ? "a web page or XML, and not a model: download the file itself"
                    : "a text, and not a model; " + EXPORT;
        }
        return "no model: TorchScript modules and compiled packages are zip archives, ONNX graphs begin otherwise; "
                + EXPORT;
    }

    private static boolean starts(byte[] head, String with) {
        return new String(head, StandardCharsets.ISO_8859_1).startsWith(with);
    }

    /** The length that safetensors begins with. */
    private static long headerBytes(byte[] head) {
        return ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    /** A protobuf that begins with field 1, ir_version, a small number, and goes on with another field of a model. */
    private static boolean isOnnx(byte[] head) {
        return head.length > 3 && head[0] == 0x08 && head[1] > 0 && head[1] < 64
                && List.of(0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42, 0x72).contains((int) head[2]);
    }

    private static boolean isText(byte[] head) {
        for (byte value : head) {
            if (value >= 0 && value < ' ' && value != '\n' && value != '\r' && value != '\t') {
                return false;
            }
        }
        return true;
    }
}
