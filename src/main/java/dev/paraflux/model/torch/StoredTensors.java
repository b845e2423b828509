package dev.paraflux.model.torch;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

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
    private static final Object MARK = new Object();
    /** Whatever cannot hold a tensor's place or size. */
    private static final Object OTHER = new Object();

    private record Global(String module, String name) {}

    private record Storage(String key, long elements) {}

    private final ByteBuffer pickle;
    private final ToLongFunction<String> bytesOfEntry;
    private final Deque<Object> stack = new ArrayDeque<>();
    private final Map<Long, Object> memo = new HashMap<>();

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
            case '(' -> stack.push(MARK);
            case ')' -> stack.push(List.of());
            case ']', '}', 0x88, 0x89, 'N' -> stack.push(OTHER);
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
            case 'q' -> put(pickle.get() & 0xff);
            case 'r' -> put(Integer.toUnsignedLong(pickle.getInt()));
            case 'h' -> get(pickle.get() & 0xff);
            case 'j' -> get(Integer.toUnsignedLong(pickle.getInt()));
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean gathers(int code) throws IOException {
        switch (code) {
            case 't' -> stack.push(toMark());
            case 0x85 -> stack.push(popped(1));
            case 0x86 -> stack.push(popped(2));
            case 0x87 -> stack.push(popped(3));
            case 'l', 'd' -> {
                toMark();
                stack.push(OTHER);
            }
            case 'a' -> {
                pop();
                top();
            }
            case 's' -> {
                popped(2);
                top();
            }
            case 'e', 'u' -> {
                List<Object> items = toMark();
                require(code == 'e' || items.size() % 2 == 0, "a key in the pickle has no value");
                top();
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean calls(int code) throws IOException {
        switch (code) {
            case 'Q' -> stack.push(storage(pop()));
            case 'R' -> {
                Object arguments = pop();
                stack.push(called(pop(), arguments));
            }
            case 0x81 -> {
                require(pop() instanceof List && pop() instanceof Global, "an object in the pickle has no class");
                stack.push(OTHER);
            }
            case 'b' -> {
                pop();
                top();
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    /** {@code ('storage', torch.FloatStorage, key, device, number of elements)}. */
    private Storage storage(Object id) throws IOException {
        require(id instanceof List<?> parts && parts.size() >= 5 && "storage".equals(parts.get(0))
                && parts.get(1) instanceof Global && parts.get(2) instanceof String && parts.get(3) instanceof String
                && parts.get(4) instanceof Long, "the pickle has a storage without type, key or size");
        List<?> parts = (List<?>) id;
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

    private static Object called(Object callee, Object arguments) throws IOException {
        require(callee instanceof Global && arguments instanceof List, "a call in the pickle has no function");
        String name = ((Global) callee).name();
        List<?> given = (List<?>) arguments;
        if (name.equals("_rebuild_tensor_v2") || name.equals("_rebuild_qtensor")) {
            requireFits(given);
        } else {
            require(!name.startsWith("_rebuild_") || given.stream().noneMatch(Storage.class::isInstance),
                    "a tensor is made in a way that is not known");
        }
        return OTHER;
    }

    /** {@code (storage, offset, sizes, strides, ...)}: the last element has to lie in the storage. */
    private static void requireFits(List<?> tensor) throws IOException {
        require(tensor.size() >= 4 && tensor.get(0) instanceof Storage && tensor.get(1) instanceof Long
                && tensor.get(2) instanceof List && tensor.get(3) instanceof List, "a tensor has no storage or size");
        Storage storage = (Storage) tensor.get(0);
        List<?> sizes = (List<?>) tensor.get(2);
        List<?> strides = (List<?>) tensor.get(3);
        String outside = "a tensor of " + sizes + " lies outside weights " + storage.key();
        require(sizes.size() == strides.size(), outside);
        boolean empty = false;
        try {
            long last = (Long) tensor.get(1);
            long values = 1;
            require(last >= 0, outside);
            for (int i = 0; i < sizes.size(); i++) {
                require(sizes.get(i) instanceof Long && strides.get(i) instanceof Long, outside);
                long size = (Long) sizes.get(i);
                long stride = (Long) strides.get(i);
                require(size >= 0 && stride >= 0, outside);
                empty |= size == 0;
                values = Math.multiplyExact(values, Math.max(1, size));
                last = Math.addExact(last, Math.multiplyExact(Math.max(0, size - 1), stride));
            }
            require(empty || last < storage.elements(), outside);
        } catch (ArithmeticException e) {
            throw new IOException(outside, e);
        }
    }

    private void put(long index) throws IOException {
        // libtorch makes a table of so many places.
        require(index <= pickle.limit(), "the pickle remembers more than it has");
        memo.put(index, top());
    }

    private void get(long index) throws IOException {
        Object known = memo.get(index);
        require(known != null, "the pickle recalls what it has not remembered");
        stack.push(known);
    }

    private Object top() throws IOException {
        require(!stack.isEmpty() && stack.peek() != MARK, "the pickle uses what it does not have");
        return stack.peek();
    }

    private Object pop() throws IOException {
        top();
        return stack.pop();
    }

    private List<Object> popped(int count) throws IOException {
        List<Object> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            items.add(pop());
        }
        Collections.reverse(items);
        return items;
    }

    private List<Object> toMark() throws IOException {
        List<Object> items = new ArrayList<>();
        while (!stack.isEmpty()) {
            Object item = stack.pop();
            if (item == MARK) {
                Collections.reverse(items);
                return items;
            }
            items.add(item);
        }
        throw new IOException("the pickle uses what it does not have");
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
        return new String(text, StandardCharsets.UTF_8);
    }

    private String line() {
        StringBuilder line = new StringBuilder();
        for (int next = pickle.get(); next != '\n'; next = pickle.get()) {
            line.append((char) (next & 0xff));
        }
        return line.toString();
    }

    private static void require(boolean holds, String otherwise) throws IOException {
        if (!holds) {
            throw new IOException(otherwise);
        }
    }
}
