package dev.paraflux.model.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.TestGrids;
import dev.paraflux.device.Buffer;
import dev.paraflux.device.CountingDevice;
import dev.paraflux.device.Device;
import dev.paraflux.device.Queue;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import java.util.ArrayList;
import java.util.List;

/** Calls at one place, of which a graph is made on a stand-in for a device, and the memory that graphs hold. */
public final class GraphCalls {
    /** How many there are. */
    public static final int CALLS = 9;
    /** Launches that they come to, and once more to try the graph. */
    public static final int LAUNCHES = CALLS - TorchGraphs.FIRST_CALLS + 1;

    private final CountingDevice there;
    private final List<CountedMemory> memories = new ArrayList<>();

    /** @param there where graphs are the work that was captured */
    public GraphCalls(CountingDevice there) {
        this.there = there;
    }

    /** What captures the calls of a model, by its name, in memory that is counted. */
    public TorchGraphs graphs(String name) {
        return TorchGraphs.in(name, () -> {
            memories.add(new CountedMemory());
            return memories.get(memories.size() - 1);
        });
    }

    /** Memory of graphs that was ever asked for. */
    public List<CountedMemory> memories() {
        return memories;
    }

    /** Fails unless all of it has been given back. */
    public void assertNothingHeld() {
        assertEquals(0, there.graphs());
        assertTrue(memories.stream().allMatch(CountedMemory::isFree));
    }

    /** Calls of two rows at one place, each at other times, labels and states; what they answer. */
    public static float[][] answers(PretrainedDenoiser model, Queue queue, Device device) {
        float[][] answers = new float[CALLS][];
        try (Buffer rows = device.allocate(4, model.dim())) {
            for (int call = 0; call < CALLS; call++) {
                answers[call] = answer(model, queue, rows, call);
            }
        }
        return answers;
    }

    /** What a model on the host answers to them. */
    public static float[][] expected(PretrainedDenoiser model) {
        try (Queue queue = Device.cpu().queue()) {
            model.setReplicas(1);
            return answers(model, queue, Device.cpu());
        }
    }

    /** One of them, on four rows. */
    static float[] answer(PretrainedDenoiser model, Queue queue, Buffer rows, int call) {
        float[] state = new float[model.dim()];
        for (int e = 0; e < state.length; e++) {
            state[e] = (float) Math.sin(call + e);
        }
        rows.write(0, state);
        rows.write(1, state);
        Batch batch = new Batch(2);
        batch.begin(queue, rows, 0, rows, 2);
        for (int row = 0; row < 2; row++) {
            int number = call + row;
            Condition condition = model.card().label().map(input -> Condition.label(number % input.classes()))
                    .orElse(Condition.none());
            batch.add(TestGrids.linear(20).level(number), condition);
        }
        batch.evaluateBy(model);
        queue.await();
        rows.read(3, state);
        return state;
    }
}
