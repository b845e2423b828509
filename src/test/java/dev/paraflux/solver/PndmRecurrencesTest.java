package dev.paraflux.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.TestGrids;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.NoiseSchedule;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.TimeGrid;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link Plms} and {@link Pndm}, which mix what the model predicts, against the loop of diffusers' PNDMScheduler. */
class PndmRecurrencesTest {
    private static final NoiseSchedule SCHEDULE = NoiseSchedule.scaledLinear(1000, 0.00085, 0.012);

    /** Uneven times, where the steps end elsewhere than the next row is, and even ones. */
    private static TimeGrid grid(int steps, boolean even) {
        int stride = SCHEDULE.trainingSteps() / steps;
        List<NoiseLevel> levels = new ArrayList<>();
        List<NoiseLevel> ends = new ArrayList<>();
        for (int i = 0; i < steps; i++) {
            int time = even ? 1 + stride * (steps - 1 - i) : (int) Math.round(999.0 * (steps - 1 - i) / steps);
            levels.add(SCHEDULE.level(time));
            ends.add(SCHEDULE.level(Math.max(0, time - stride)));
        }
        levels.add(ends.get(steps - 1));
        return new TimeGrid(levels, SCHEDULE, ends);
    }

    private static double model(double x, double time) {
        return Math.sin(0.8 * x + 0.004 * time + 0.3);
    }

    private static double previous(Prediction prediction, double x, int time, int before, double mixed) {
        double from = SCHEDULE.alphaBar(time);
        double to = SCHEDULE.alphaBar(Math.max(0, before));
        double output = prediction == Prediction.VELOCITY ? Math.sqrt(from) * mixed + Math.sqrt(1 - from) * x : mixed;
        double below = from * Math.sqrt(1 - to) + Math.sqrt(from * (1 - from) * to);
        return Math.sqrt(to / from) * x - (to - from) * output / below;
    }

    @ParameterizedTest
    @EnumSource(names = {"EPSILON", "VELOCITY"})
    void plmsMixesTheOutputs(Prediction prediction) {
        for (int steps : new int[] {1, 2, 3, 4, 7, 20}) {
            for (boolean even : new boolean[] {true, false}) {
                TimeGrid grid = grid(steps, even);
                double actual = new DoubleRun(new Plms(prediction == Prediction.VELOCITY).system(grid, prediction),
                        (x, at) -> model(x, at.time()), 0.7).last();
                assertEquals(plms(grid, prediction), actual, 1e-10, steps + ", " + even);
            }
        }
    }

    private static double plms(TimeGrid grid, Prediction prediction) {
        int steps = grid.steps();
        int stride = SCHEDULE.trainingSteps() / steps;
        List<Integer> times = new ArrayList<>();
        for (int i = 0; i < steps; i++) {
            times.add((int) grid.level(i).time());
        }
        if (steps > 1) {
            times.add(1, times.get(1));
        }
        List<Double> ets = new ArrayList<>();
        double x = 0.7;
        double kept = x;
        for (int counter = 0; counter < times.size(); counter++) {
            int time = times.get(counter);
            int before = time - stride;
            double output = model(x, time);
            if (counter != 1) {
                ets.add(0, output);
            } else {
                before = time;
                time += stride;
                output = (output + ets.get(0)) / 2;
                x = kept;
            }
            if (counter > 1) {
                output = mean(ets);
            }
            x = previous(prediction, x, time, before, output);
        }
        return x;
    }

    private static double mean(List<Double> ets) {
        return switch (ets.size()) {
            case 1 -> ets.get(0);
            case 2 -> (3 * ets.get(0) - ets.get(1)) / 2;
            case 3 -> (23 * ets.get(0) - 16 * ets.get(1) + 5 * ets.get(2)) / 12;
            default -> (55 * ets.get(0) - 59 * ets.get(1) + 37 * ets.get(2) - 9 * ets.get(3)) / 24;
        };
    }

    @ParameterizedTest
    @EnumSource(names = {"EPSILON", "VELOCITY"})
    void pndmBeginsWithRungeKutta(Prediction prediction) {
        for (int steps : new int[] {4, 5, 7, 20}) {
            for (boolean even : new boolean[] {true, false}) {
                TimeGrid grid = grid(steps, even);
                TriangularSystem system = new Pndm(prediction == Prediction.VELOCITY).system(grid, prediction);
                assertEquals(steps + 9, system.rows());
                double actual = new DoubleRun(system, (x, at) -> model(x, at.time()), 0.7).last();
                assertEquals(pndm(grid, prediction), actual, 1e-10, steps + ", " + even);
            }
        }
    }

    private static double pndm(TimeGrid grid, Prediction prediction) {
        int stride = SCHEDULE.trainingSteps() / grid.steps();
        int half = stride / 2;
        List<Double> ets = new ArrayList<>();
        double x = 0.7;
        for (int i = 0; i < 3; i++) {
            int time = (int) grid.level(i).time();
            int next = (int) grid.level(i + 1).time();
            double one = model(x, time);
            ets.add(0, one);
            double two = model(previous(prediction, x, time, time - half, one), next + half);
            double three = model(previous(prediction, x, time, next + half, two), next + half);
            double four = model(previous(prediction, x, time, next, three), next);
            x = previous(prediction, x, time, next, one / 6 + two / 3 + three / 3 + four / 6);
        }
        for (int i = 3; i < grid.steps(); i++) {
            int time = (int) grid.level(i).time();
            ets.add(0, model(x, time));
            x = previous(prediction, x, time, time - stride, mean(ets));
        }
        return x;
    }

    @Test
    void fewStepsAndOtherGridsAreRefused() {
        for (int steps = 1; steps <= 3; steps++) {
            TimeGrid grid = grid(steps, true);
            assertEquals("steps of PNDM " + steps + ": must be 4 or more without skip_prk_steps",
                    assertThrows(IllegalValueException.class,
                            () -> new Pndm().system(grid, Prediction.EPSILON)).getMessage());
        }
        for (Solver solver : List.of(new Pndm(), new Tcd())) {
            String message = assertThrows(IllegalValueException.class,
                    () -> solver.system(TestGrids.angles(6, 1.2), Prediction.EPSILON)).getMessage();
            assertTrue(message.startsWith("path of the grid ") && message.contains("must be a NoiseSchedule"), message);
        }
    }
}
