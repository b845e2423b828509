package dev.paraflux.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.paraflux.kernel.Kernels;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Several queues, of two devices where there are two, are given work at random, and follow one another only where one needs what
 * another has done: rows are what they would be if all was done in turn. Nobody waits before the end.
 */
class CudaQueuesTest {
    private static final int ROWS = 3;
    private static final int QUEUES = 5;
    private static final int WORKS = 400;

    private final Resources resources = new Resources();
    private final List<Buffer> buffers = new ArrayList<>();
    private final List<Queue> queues = new ArrayList<>();
    private final List<Runnable> checks = new ArrayList<>();
    /** Of each queue, how much of each other one's work it comes after; of its own, how much it was given. */
    private final int[][] after = new int[QUEUES][QUEUES];
    private Place[][] places;
    private Random random;

    /** A row on a device: what it must hold, and which work of which queue wrote and read it last. */
    private static final class Place {
        private final float[] values;
        private final int[] read = new int[QUEUES];
        private int writer;
        private int written;

        Place(int dim) {
            values = new float[dim];
        }
    }

    @AfterEach
    void close() {
        resources.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void whoFollowsWhereItMustFindsWhatItNeeds(int seed) {
        random = new Random(seed);
        int dim = new int[] {1, 7, 784, 4099}[seed % 4];
        List<Device> devices = new ArrayList<>(List.of(CudaTests.device()));
        if (Kernels.paraflux_cuda_device_count() > 1) {
            devices.add(Device.cuda(1));
        }
        places = new Place[devices.size()][ROWS];
        for (int d = 0; d < places.length; d++) {
            buffers.add(resources.allocate(devices.get(d), ROWS, dim));
            for (int r = 0; r < ROWS; r++) {
                places[d][r] = new Place(dim);
            }
        }
        for (int q = 0; q < QUEUES; q++) {
            queues.add(resources.add(devices.get(q % devices.size()).queue()));
        }
        for (int work = 0; work < WORKS; work++) {
            work(random.nextInt(QUEUES));
        }
        queues.forEach(Queue::await);
        checks.forEach(Runnable::run);
    }

    private void work(int q) {
        int device = q % places.length;
        int from = random.nextInt(ROWS);
        int to = random.nextInt(ROWS);
        int kind = random.nextInt(5);
        if (kind == 0) {
            begin(q, Set.of(), Set.of(places[device][to]));
            random(places[device][to].values);
            queues.get(q).write(places[device][to].values, 0, buffers.get(device), to);
        } else if (kind == 1) {
            begin(q, Set.of(places[device][from]), Set.of());
            float[] found = new float[places[device][from].values.length];
            float[] expected = places[device][from].values.clone();
            queues.get(q).read(buffers.get(device), from, found, 0);
            checks.add(() -> assertArrayEquals(expected, found));
        } else if (kind == 2 && places.length > 1) {
            boolean isFetched = random.nextBoolean();
            int source = isFetched ? 1 - device : device;
            begin(q, Set.of(places[source][from]), Set.of(places[1 - source][to]));
            System.arraycopy(places[source][from].values, 0, places[1 - source][to].values, 0,
                    places[source][from].values.length);
            queues.get(q).transfer(buffers.get(source), from, buffers.get(1 - source), to, 1);
        } else {
            Place target = places[device][to];
            Place other = places[device][from];
            begin(q, new HashSet<>(List.of(target, other)), Set.of(target));
            for (int e = 0; e < target.values.length; e++) {
                target.values[e] = (float) (0.5 * target.values[e] + 0.25 * other.values[e]);
            }
            RowProgram program = new RowProgram();
            program.into(buffers.get(device), to).plus(0.5, buffers.get(device), to).plus(0.25, buffers.get(device),
                    from);
            queues.get(q).run(program);
        }
    }

    private void random(float[] values) {
        for (int e = 0; e < values.length; e++) {
            values[e] = (float) random.nextGaussian();
        }
    }

    /** Has a queue follow those whose work on these rows its next one must come after. */
    private void begin(int q, Set<Place> reads, Set<Place> writes) {
        for (Place place : reads) {
            follow(q, place.writer, place.written);
        }
        for (Place place : writes) {
            follow(q, place.writer, place.written);
            for (int reader = 0; reader < QUEUES; reader++) {
                follow(q, reader, place.read[reader]);
            }
        }
        int now = ++after[q][q];
        reads.forEach(place -> place.read[q] = now);
        for (Place place : writes) {
            place.writer = q;
            place.written = now;
        }
    }

    private void follow(int q, int other, int work) {
        if (after[q][other] < work) {
            queues.get(q).follow(queues.get(other));
            for (int k = 0; k < QUEUES; k++) {
                after[q][k] = Math.max(after[q][k], after[other][k]);
            }
        }
    }
}
