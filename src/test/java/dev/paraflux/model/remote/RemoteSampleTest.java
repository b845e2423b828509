package dev.paraflux.model.remote;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.Status;
import dev.paraflux.TestGrids;
import dev.paraflux.method.Method;
import dev.paraflux.method.core.Chords;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.method.core.Srds;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.method.window.Picard;
import dev.paraflux.method.window.SparseParaTaa;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.around.Guidance;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Samples of a model that others evaluate are those of the same model here, to the bit, if its rows are in the same chunks. */
class RemoteSampleTest {
    private static final int STEPS = 24;
    private static final List<Status> FAILED = List.of(Status.NON_FINITE, Status.CANCELLED, Status.DEADLINE_PASSED);

    @TempDir
    private static Path folder;
    private static TestService service;
    private static PretrainedDenoiser here;

    @BeforeAll
    static void start() {
        service = new TestService(folder, ToyBackend.card(3, 5), 0, 0.2, 0.5, 1);
        here = new ToyBackend(0).load(folder, 3, 5);
    }

    @AfterAll
    static void end() {
        here.close();
        service.close();
    }

    static Stream<Method> methods() {
        return Stream.of(new Sequential(), Picard.defaults(), ParaTaa.defaults(), SparseParaTaa.defaults(),
                Srds.defaults(),
                Chords.defaults());
    }

    @ParameterizedTest
    @MethodSource("methods")
    void aSampleHasTheSameBits(Method method) {
        for (int chunkRows : new int[] {1, 3}) {
            List<float[]> expected = samples(new ChunkedDenoiser(here, chunkRows), method);
            try (RemoteDenoiser remote = service.connect(service.options().withChunkRows(chunkRows))) {
                assertEquals(4, remote.workers());
                List<float[]> found = samples(remote, method);
                for (int k = 0; k < expected.size(); k++) {
                    assertArrayEquals(expected.get(k), found.get(k), "chunks of " + chunkRows);
                }
            }
        }
    }

    /** Else the tests above would show nothing of chunks. */
    @Test
    void otherChunksAreOtherBits() {
        float[] one = samples(new ChunkedDenoiser(here, 1), Picard.defaults()).get(0);
        float[] three = samples(new ChunkedDenoiser(here, 3), Picard.defaults()).get(0);
        assertFalse(java.util.Arrays.equals(one, three));
    }

    @Test
    void itIsTheModelThatItWouldBeHere() {
        try (RemoteDenoiser remote = service.connect()) {
            assertEquals(here.identity(), remote.identity());
            assertEquals("", remote.troubles());
        }
    }

    private static List<float[]> samples(Denoiser model, Method method) {
        try (Guidance guided = Guidance.of(model, 2);
                Sampler sampler = Sampler.builder(guided, TestGrids.linear(STEPS)).method(method).build()) {
            List<Sample> samples = sampler.sample(List.of(Request.seed(1).withLabel(3), Request.seed(2)));
            samples.forEach(sample -> assertFalse(FAILED.contains(sample.status()), sample.toString()));
            return samples.stream().map(Sample::values).toList();
        }
    }
}
