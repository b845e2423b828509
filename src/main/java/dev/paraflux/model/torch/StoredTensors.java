package dev.paraflux.model.torch;

import dev.paraflux.model.torch.PickleStack.Tuple;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * Reads a pickle as TorchScript writes it, as far as its tensors go: libtorch reads a tensor's memory from an entry of the
 * archive without asking how long the entry is, and places the tensor in it without asking whether it fits. Nothing of
 * the pickle is run. It takes the opcodes that libtorch's own reader takes, and holds the stack to what that one expects.
 */
final class StoredTensors {
    private static final Map<String, Integer> BYTES_OF_STORAGE = Map.ofEntries(Map.entry("DoubleStorage", 8),
            Map.entry("FloatStorage", 4), Map.entry("HalfStorage", 2), Map.entry("BFloat16Storage", 2),
            Map.entry("LongStorage", 8), Map.entry("IntStorage", 4), Map.entry("ShortStorage", 2),
            Map.entry("CharStorage", 1), Map.entry("ByteStorage", 1), Map.entry("BoolStorage", 1),
            Map.entry("ComplexHalfStorage", 4), Map.entry("ComplexFloatStorage", 8),
            Map.entry("ComplexDoubleStorage", 16), Map.entry("QInt8Storage", 1), Map.entry("QUInt8Storage", 1),
            Map.entry("QInt32Storage", 4));
    /** Whatever is alone, and cannot hold a tensor's place or size. */
    private static final Object OTHER = new Object();

    /** libtorch's own limit is 64, at the first operator. */
    private static final int MOST_SIZES = 64;

    private record Global(String module, String name) {}

    private record Storage(String key, long elements) {}

    private final ByteBuffer pickle;
    private final ToLongFunction<String> bytesOfEntry;
    private final PickleStack stack = new PickleStack();

    private StoredTensors(byte[] pickle, ToLongFunction<String> bytesOfEntry) {
        this.pickle = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
        this.bytesOfEntry = bytesOfEntry;
    }

    /**
     * Checks every tensor of a pickle.
     *
     * @param bytesOfEntry the bytes that belong to a storage's key, or -1 if there are none
     * @throws IOException naming what does not fit
     */
    static void check(byte[] pickle, ToLongFunction<String> bytesOfEntry) throws IOException {
        StoredTensors reader = new StoredTensors(pickle, bytesOfEntry);
        try {
            reader.run();
        } catch (BufferUnderflowException e) {
            throw new IOException("the pickle ends too early", e);
        }
    }

    private void run() throws IOException {
        while (true) {
            int at = pickle.position();
            int code = pickle.get() & 0xff;
            if (code == '.') {
                require(!stack.isEmpty() && !pickle.hasRemaining(), "the pickle has no end");
                return;
            }
            if (!(pushes(code) || gathers(code) || calls(code))) {
                throw new IOException("the pickle has the opcode " + code + " at byte " + at
                        + ", which TorchScript does not write");
            }
        }
    }

    private boolean pushes(int code) throws IOException {
        switch (code) {
            case 0x80 -> pickle.get();
            case '(' -> stack.mark();
            case ')' -> stack.pushTuple(List.of());
            case ']', '}' -> stack.pushBox(List.of());
            case 0x88, 0x89, 'N' -> stack.push(OTHER);
            case 'K' -> stack.push((long) (pickle.get() & 0xff));
            case 'M' -> stack.push((long) (pickle.getShort() & 0xffff));
            case 'J' -> stack.push((long) pickle.getInt());
            case 0x8a -> stack.push(wholeNumber(pickle.get() & 0xff));
            case 'G' -> {
                pickle.getDouble();
                stack.push(OTHER);
            }
            case 'X' -> stack.push(text(pickle.getInt()));
            case 'c' -> stack.push(new Global(line(), line()));
            case 'q' -> stack.remember(pickle.get() & 0xff, pickle.limit());
            case 'r' -> stack.remember(Integer.toUnsignedLong(pickle.getInt()), pickle.limit());
            case 'h' -> stack.recall(pickle.get() & 0xff);
            case 'j' -> stack.recall(Integer.toUnsignedLong(pickle.getInt()));
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean gathers(int code) throws IOException {
        switch (code) {
            case 't' -> stack.pushTuple(stack.popToMark());
            case 0x85 -> stack.pushTuple(stack.pop(1));
            case 0x86 -> stack.pushTuple(stack.pop(2));
            case 0x87 -> stack.pushTuple(stack.pop(3));
            case 'l', 'd' -> stack.pushBox(stack.popToMark());
            case 'a' -> stack.fill(stack.pop(1));
            case 's' -> stack.fill(stack.pop(2));
            case 'e', 'u' -> {
                List<Object> items = stack.popToMark();
                require(code == 'e' || items.size() % 2 == 0, "a key in the pickle has no value");
                stack.fill(items);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean calls(int code) throws IOException {
        switch (code) {
            case 'Q' -> stack.push(storage(stack.pop()));
            case 'R' -> {
                Object arguments = stack.pop();
                call(stack.pop(), arguments);
            }
            case 0x81 -> {
                Object arguments = stack.pop();
                require(arguments instanceof Tuple && stack.pop() instanceof Global,
                        "an object in the pickle has no class");
                stack.pushBox(List.of(arguments));
            }
            case 'b' -> stack.fill(stack.pop(1));
            default -> {
                return false;
            }
        }
        return true;
    }

    /** {@code ('storage', torch.FloatStorage, key, device, number of elements)}. */
    private Storage storage(Object id) throws IOException {
        List<?> parts = id instanceof Tuple tuple ? tuple.items() : List.of();
        require(parts.size() >= 5 && "storage".equals(parts.get(0))
                && parts.get(1) instanceof Global && parts.get(2) instanceof String && parts.get(3) instanceof String
                && parts.get(4) instanceof Long, "the pickle has a storage without type, key or size");
        Global type = (Global) parts.get(1);
        String key = (String) parts.get(2);
        require(key.chars().noneMatch(Character::isISOControl), "the name of weights is no text");
        long elements = (Long) parts.get(4);
        Integer bytes = BYTES_OF_STORAGE.get(type.name());
        require(type.module().equals("torch") && bytes != null, "weights " + key + " are of a type that is not known");
        long found = elements == 0 ? 0 : bytesOfEntry.applyAsLong(key);
        require(found >= 0, "weights " + key + " are missing");
        require(elements >= 0 && elements <= found / bytes,
                "weights " + key + " have " + found + " bytes and should have "
                        + elements + " values of " + bytes);
        return new Storage(key, elements);
    }

    private void call(Object callee, Object arguments) throws IOException {
        require(callee instanceof Global && arguments instanceof Tuple, "a call in the pickle has no function");
        String name = ((Global) callee).name();
        List<?> given = ((Tuple) arguments).items();
        if (name.equals("_rebuild_tensor_v2") || name.equals("_rebuild_qtensor")) {
            requireFits(given);
        } else {
            require(!name.startsWith("_rebuild_") || given.stream().noneMatch(Storage.class::isInstance),
                    "a tensor is made in a way that is not known");
        }
        stack.pushBox(List.of(arguments));
    }

    /** {@code (storage, offset, sizes, strides, ...)}: the last element has to lie in the storage. */
    private static void requireFits(List<?> tensor) throws IOException {
        require(tensor.size() >= 4 && tensor.get(0) instanceof Storage && tensor.get(1) instanceof Long
                && tensor.get(2) instanceof Tuple && tensor.get(3) instanceof Tuple, "a tensor has no storage or size");
        Storage storage = (Storage) tensor.get(0);
        List<Object> sizes = ((Tuple) tensor.get(2)).items();
        List<Object> strides = ((Tuple) tensor.get(3)).items();
        require(Stream.of(sizes, strides).flatMap(List::stream).allMatch(Long.class::isInstance),
                "a tensor in weights " + storage.key() + " has a size that is no number");
        require(sizes.size() <= MOST_SIZES && sizes.size() == strides.size()
                && fits((Long) tensor.get(1), sizes, strides, storage.elements()),
                "a tensor of " + sizes.subList(0, Math.min(sizes.size(), MOST_SIZES)) + " lies outside weights "
                        + storage.key());
    }

    private static boolean fits(long offset, List<Object> sizes, List<Object> strides, long elements) {
        boolean empty = false;
        boolean legal = offset >= 0;
        try {
            long last = offset;
            long values = 1;
            for (int i = 0; i < sizes.size(); i++) {
                long size = (Long) sizes.get(i);
                long stride = (Long) strides.get(i);
                legal &= size >= 0 && stride >= 0;
                empty |= size == 0;
                values = Math.multiplyExact(values, Math.max(1, size));
                last = Math.addExact(last, Math.multiplyExact(Math.max(0, size - 1), stride));
            }
            return legal && (empty || last < elements);
        } catch (ArithmeticException e) {
            return false;
        }
    }

    private long wholeNumber(int bytes) throws IOException {
        require(bytes <= Long.BYTES, "the pickle has a number of " + bytes + " bytes");
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            long next = pickle.get();
            value |= (i + 1 == bytes ? next : next & 0xff) << 8 * i;
        }
        return value;
    }

    private String text(int bytes) throws IOException {
        require(bytes >= 0 && bytes <= pickle.remaining(), "the pickle ends too early");
        byte[] text = new byte[bytes];
        pickle.get(text);
        return requireFlat(new String(text, StandardCharsets.UTF_8));
    }

    /** It may be a type, which libtorch reads by recursion. */
    private static String requireFlat(String text) throws IOException {
        int open = 0;
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            open += letter == '[' || letter == '(' ? 1 : letter == ']' || letter == ')' ? -1 : 0;
            require(open <= PickleStack.MOST_NESTED, "the pickle has a text of more than " + PickleStack.MOST_NESTED
                    + " brackets in one another");
        }
        return text;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = pickle.get(); next != '\n'; next = pickle.get()) {
            line.append((char) (next & 0xff));
        }
        return requireFlat(line.toString());
    }

    private static void require(boolean holds, String otherwise) throws IOException {
        if (!holds) {
            throw new IOException(otherwise);
        }
    }
}
