package dev.paraflux.iia;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.demo.DemoModel;
import dev.paraflux.model.Condition;
import dev.paraflux.model.around.Guidance;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.Solver;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A real network: corrected DDIM in five steps comes nearer to twenty-five steps, on seeds that no fit has seen. */
class DemoFitTest {
    private static final int STEPS = 5;
    private static final int FINE = 5;

    @ParameterizedTest
    @CsvSource({"EVALUATIONS, 1, 1, 0.7", "DIFFERENCES, 0, 1, 0.9", "EVALUATIONS, 1, 3, 0.8"})
    void samplesOfSeedsThatNoFitHasSeenComeNearer(CorrectionVectors vectors, int history, double guidance,
            double ratio) {
        try (PretrainedDenoiser model = DemoModel.load(); Guidance guided = Guidance.of(model, guidance)) {
            TimeGrid grid = model.card().scheduler().grid(STEPS);
            IiaCoefficients coefficients = IiaFitter.builder(guided, grid).fineSteps(FINE).samples(12).heldOut(8)
                    .corrections(new Correction(vectors, history))
                    .conditions(IntStream.range(0, 10).mapToObj(Condition::label).toList()).fit();
            List<float[]> fine = draw(guided, grid.refined(FINE), new Ddim());
            double plain = difference(draw(guided, grid, new Ddim()), fine);
            double corrected = difference(draw(guided, grid, coefficients.solver(new Ddim(), guided)), fine);
            assertTrue(corrected < ratio * plain, corrected + " of " + plain);
        }
    }

    private static List<float[]> draw(Guidance model, TimeGrid grid, Solver solver) {
        List<Request> requests = IntStream.range(0, 10).mapToObj(s -> Request.seed(700 + s).withLabel(s)).toList();
        try (Sampler sampler = Sampler.builder(model, grid).solver(solver).build()) {
            return sampler.sample(requests).stream().map(Sample::values).toList();
        }
    }

    private static double difference(List<float[]> samples, List<float[]> others) {
        double squares = 0;
        for (int s = 0; s < samples.size(); s++) {
            for (int e = 0; e < samples.get(s).length; e++) {
                double difference = (double) samples.get(s)[e] - others.get(s)[e];
                squares += difference * difference;
            }
        }
        return Math.sqrt(squares);
    }
}
