package dev.paraflux.fuzz;

import dev.paraflux.RandomRequests;
import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.TestDenoisers;
import dev.paraflux.TestGrids;
import dev.paraflux.model.Denoiser;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Requests, and what each gives where it is drawn by itself. */
final class DrawnAlone {
    private final List<Request> requests = new ArrayList<>();
    private final List<Sample> samples = new ArrayList<>();

    DrawnAlone(long seed, int count) {
        RandomRequests random = new RandomRequests(seed);
        try (Denoiser model = RandomRequests.model(TestDenoisers.bent(RandomRequests.DIM))) {
            for (int i = 0; i < count; i++) {
                requests.add(random.next());
                try (Sampler alone = Sampler.builder(model, TestGrids.linear(8)).build()) {
                    samples.add(alone.sample(requests.get(i)));
                }
            }
        }
    }

    /** One of them. */
    int next(Random random) {
        return random.nextInt(requests.size());
    }

    Request request(int index) {
        return requests.get(index);
    }

    Sample sample(int index) {
        return samples.get(index);
    }

    /** Whether the model may throw for it. */
    boolean isBad(int index) {
        return requests.get(index).condition().equals(Request.seed(0).withLabel(FuzzedModel.BAD).condition());
    }
}
