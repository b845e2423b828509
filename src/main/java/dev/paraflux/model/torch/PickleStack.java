package dev.paraflux.model.torch;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The values of a pickle that is being read, as far as their order and their nesting go: libtorch frees what lies in one
 * another by recursion, wherever the last of it is used, and ends the process where the stack ends.
 */
final class PickleStack {
    /** Modules in modules, which take two each, are some tens. */
    static final int MOST_NESTED = 1000;

    private static final Object MARK = new Object();

    private final Deque<Object> stack = new ArrayDeque<>();
    private final Map<Long, Object> memo = new HashMap<>();

    /** @param depth of the values in one another, itself among them */
    record Tuple(List<Object> items, int depth) {}

    /** A list, a dict or an object: whatever cannot hold a tensor's place or size. */
    private static final class Box {
        private int depth;
        /** It lies in something else, whose depth would not be known if it took more. */
        private boolean held;

        Box(int depth) {
            this.depth = depth;
        }
    }

    void push(Object value) {
        stack.push(value);
    }

    void mark() {
        stack.push(MARK);
    }

    /** A tuple of these. */
    void pushTuple(List<Object> items) throws IOException {
        stack.push(new Tuple(items, held(items)));
    }

    /** A list, dict or object, empty or made of these. */
    void pushBox(List<Object> from) throws IOException {
        stack.push(new Box(held(from)));
    }

    /** Puts values into the list, dict or object at the top. */
    void fill(List<Object> items) throws IOException {
        if (top() instanceof Box box) {
            int depth = held(items);
            require(!box.held, "the pickle goes on with what it has put elsewhere");
            box.depth = Math.max(box.depth, depth);
        }
    }

    private static int held(List<Object> items) throws IOException {
        int depth = 0;
        for (Object item : items) {
            if (item instanceof Box box) {
                box.held = true;
                depth = Math.max(depth, box.depth);
            } else if (item instanceof Tuple tuple) {
                depth = Math.max(depth, tuple.depth);
            }
        }
        require(depth < MOST_NESTED, "the pickle has more than " + MOST_NESTED + " values in one another");
        return depth + 1;
    }

    boolean isEmpty() {
        return stack.isEmpty();
    }

    Object top() throws IOException {
        require(!stack.isEmpty() && stack.peek() != MARK, "the pickle uses what it does not have");
        return stack.peek();
    }

    Object pop() throws IOException {
        top();
        return stack.pop();
    }

    List<Object> pop(int count) throws IOException {
        List<Object> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            items.add(pop());
        }
        Collections.reverse(items);
        return items;
    }

    List<Object> popToMark() throws IOException {
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

    /** @param most places that there may be: libtorch makes a table of as many */
    void remember(long place, long most) throws IOException {
        require(place <= most, "the pickle remembers more than it has");
        memo.put(place, top());
    }

    void recall(long place) throws IOException {
        Object known = memo.get(place);
        require(known != null, "the pickle recalls what it has not remembered");
        stack.push(known);
    }

    private static void require(boolean holds, String otherwise) throws IOException {
        if (!holds) {
            throw new IOException(otherwise);
        }
    }
}
