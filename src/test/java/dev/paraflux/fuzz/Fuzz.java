package dev.paraflux.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Makes random calls, and checks after each that everything is as it must be. */
final class Fuzz {
    /** Calls of each fuzz, all its seeds together; {@code -Dparaflux.fuzz=1000000} for the long one. */
    static final int CALLS = Integer.getInteger("paraflux.fuzz", 50_000);

    private Fuzz() {}

    /** A few objects and all that is known of them. */
    interface World extends AutoCloseable {
        /** What may be called. */
        List<Operation> operations();

        /** Compares the objects with what is known of them. */
        void check();

        @Override
        void close();
    }

    /** Runs a world for so many calls. Fails unless some were refused, and of each kind some were not. */
    static void run(World world, long seed, int calls) {
        Random random = new Random(seed);
        List<Operation> operations = world.operations();
        Map<String, Integer> done = new TreeMap<>();
        operations.forEach(operation -> done.put(operation.name(), 0));
        int refused = 0;
        for (int call = 0; call < calls; call++) {
            Operation operation = operations.get(random.nextInt(operations.size()));
            try {
                if (operation.refused(random)) {
                    refused++;
                } else {
                    done.merge(operation.name(), 1, Integer::sum);
                }
                world.check();
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed + ", call " + call + ", " + operation.name() + ": "
                        + e.getMessage(), e);
            }
        }
        assertTrue(refused > calls / 50, refused + " of " + calls + " calls were refused");
        assertTrue(calls < 5_000 || done.values().stream().allMatch(count -> count > 0), "never legal: " + done);
    }

    /** Mostly a legal index, now and then one that is just or far outside. */
    static int index(Random random, int size) {
        return switch (random.nextInt(24)) {
            case 0 -> -1;
            case 1 -> size;
            case 2 -> Integer.MAX_VALUE;
            case 3 -> Integer.MIN_VALUE;
            default -> random.nextInt(Math.max(1, size));
        };
    }

    /** Mostly a small number that is legal as a size, now and then none that is. */
    static int size(Random random, int most) {
        return switch (random.nextInt(24)) {
            case 0 -> 0;
            case 1 -> -1 - random.nextInt(3);
            case 2 -> most + 1;
            case 3 -> Integer.MAX_VALUE;
            default -> 1 + random.nextInt(most);
        };
    }
}
