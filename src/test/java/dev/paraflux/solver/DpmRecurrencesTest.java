package dev.paraflux.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link DpmMultistep} and {@link DpmSinglestep} against the steps of diffusers' schedulers, written out one by one. */
class DpmRecurrencesTest {
    private static final int[] STEPS = {1, 2, 3, 4, 5, 6, 9, 14, 15, 18};

    @ParameterizedTest
    @EnumSource
    void multistepIsDiffusers(DpmAlgorithm algorithm) {
        for (int steps : STEPS) {
            for (int order = 1; order <= (algorithm == DpmAlgorithm.SDE_DPM_SOLVER ? 2 : 3); order++) {
                for (DpmSlope slope : DpmSlope.values()) {
                    for (int flags = 0; flags < 8; flags++) {
                        boolean toZero = (flags & 4) > 0 && algorithm.ofSample();
                        Solver solver = new DpmMultistep(algorithm, order, slope, (flags & 1) > 0, (flags & 2) > 0);
                        for (Prediction prediction : Prediction.values()) {
                            for (RandomCase one : cases(steps + flags, steps, toZero)) {
                                double expected = multistep(one, prediction, (DpmMultistep) solver);
                                assertNear(expected, one.sample(solver, prediction), solver + ", " + steps);
                            }
                        }
                    }
                }
            }
        }
    }

    private static List<RandomCase> cases(int seed, int steps, boolean toZero) {
        return List.of(RandomCase.preserving(seed, steps, toZero), RandomCase.exploding(seed, steps, toZero),
                RandomCase.flow(seed, steps, toZero));
    }

    private static double multistep(RandomCase one, Prediction prediction, DpmMultistep solver) {
        List<Double> outputs = new ArrayList<>();
        int steps = one.grid.steps();
        double x = one.start;
        for (int i = 0; i < steps; i++) {
            boolean few = solver.lowerOrderFinal() && steps < 15;
            boolean first = i == steps - 1
                    && (solver.eulerAtFinal() || few || one.grid.level(steps).sigma() == 0);
            boolean second = i == steps - 2 && few;
            outputs.add(0, converted(one, prediction, solver.algorithm(), x, i));
            Step step = new Step(solver.algorithm(), one.grid.level(i), one.grid.level(i + 1));
            double z = one.noise[i];
            double h = step.h;
            if (solver.order() == 1 || i < 1 || first) {
                x = step.to(x, z, outputs.get(0), 0, 0, null);
            } else {
                double h0 = lambda(one.grid.level(i)) - lambda(one.grid.level(i - 1));
                double d10 = (outputs.get(0) - outputs.get(1)) * h / h0;
                if (solver.order() == 2 || i < 2 || second) {
                    x = step.to(x, z, outputs.get(0), d10, 0, solver.slope());
                } else {
                    double h1 = lambda(one.grid.level(i - 1)) - lambda(one.grid.level(i - 2));
                    double d11 = (outputs.get(1) - outputs.get(2)) * h / h1;
                    double d1 = d10 + h0 / (h0 + h1) * (d10 - d11);
                    x = step.to(x, z, outputs.get(0), d1, (d10 - d11) * h / (h0 + h1), DpmSlope.HEUN);
                }
            }
        }
        return x;
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SDE_DPM_SOLVER")
    void singlestepIsDiffusers(DpmAlgorithm algorithm) {
        for (int steps : STEPS) {
            for (int order = 1; order <= 3; order++) {
                for (DpmSlope slope : DpmSlope.values()) {
                    for (int flags = 0; flags < 4; flags++) {
                        boolean toZero = (flags & 2) > 0 && algorithm.ofSample();
                        DpmSinglestep solver = new DpmSinglestep(algorithm, order, slope, (flags & 1) > 0);
                        for (Prediction prediction : Prediction.values()) {
                            for (RandomCase one : cases(steps + flags, steps, toZero)) {
                                double expected = singlestep(one, prediction, solver);
                                assertNear(expected, one.sample(solver, prediction), solver + ", " + steps);
                            }
                        }
                    }
                }
            }
        }
    }

    private static double singlestep(RandomCase one, Prediction prediction, DpmSinglestep solver) {
        boolean toZero = one.grid.level(one.grid.steps()).sigma() == 0;
        int[] orders = orders(one.grid.steps(), solver.order(), solver.lowerOrderFinal(), toZero);
        List<Double> outputs = new ArrayList<>();
        double x = one.start;
        double saved = 0;
        for (int i = 0; i < orders.length; i++) {
            outputs.add(0, converted(one, prediction, solver.algorithm(), x, i));
            int order = orders[i];
            saved = order == 1 ? x : saved;
            NoiseLevel from = one.grid.level(i + 1 - order);
            Step step = new Step(solver.algorithm(), from, one.grid.level(i + 1));
            double d1 = 0;
            double d2 = 0;
            DpmSlope form = solver.slope();
            if (order == 2) {
                d1 = (outputs.get(0) - outputs.get(1)) * step.h / (lambda(one.grid.level(i)) - lambda(from));
            } else if (order == 3) {
                double r0 = (lambda(one.grid.level(i)) - lambda(from)) / step.h;
                double r1 = (lambda(one.grid.level(i - 1)) - lambda(from)) / step.h;
                double d10 = (outputs.get(1) - outputs.get(2)) / r1;
                double d11 = (outputs.get(0) - outputs.get(2)) / r0;
                d1 = form == DpmSlope.MIDPOINT ? d11 : (r0 * d10 - r1 * d11) / (r0 - r1);
                d2 = form == DpmSlope.MIDPOINT ? 0 : 2 * (d11 - d10) / (r0 - r1);
                form = DpmSlope.HEUN;
            }
            x = step.to(saved, one.noise[i], outputs.get(order - 1), d1, d2, form);
        }
        return x;
    }

    private static int[] orders(int steps, int order, boolean lowerOrderFinal, boolean toZero) {
        boolean lower = lowerOrderFinal || steps % order != 0 || toZero;
        List<Integer> orders = new ArrayList<>();
        int groups = lower && order > 1 && steps % order == 0 ? steps / order - 1 : steps / order;
        for (int group = 0; group < groups; group++) {
            for (int k = 1; k <= order; k++) {
                orders.add(k);
            }
        }
        if (lower && order == 3) {
            orders.addAll(steps % 3 == 0 ? List.of(1, 2, 1) : steps % 3 == 1 ? List.of(1) : List.of(1, 2));
        } else if (lower && order == 2) {
            orders.addAll(steps % 2 == 0 ? List.of(1, 1) : List.of(1));
        }
        if (toZero) {
            orders.set(orders.size() - 1, 1);
        }
        return orders.stream().mapToInt(Integer::intValue).toArray();
    }

    @Test
    void whatThereIsNotIsRefused() {
        for (int order : new int[] {0, 4, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            for (DpmAlgorithm algorithm : DpmAlgorithm.values()) {
                assertThrows(IllegalValueException.class, () -> new DpmMultistep(algorithm, order));
                assertThrows(IllegalValueException.class,
                        () -> new DpmSinglestep(algorithm, order, DpmSlope.HEUN, true));
            }
        }
        assertEquals("order 3: must be 1 to 2", assertThrows(IllegalValueException.class,
                () -> new DpmMultistep(DpmAlgorithm.SDE_DPM_SOLVER, 3)).getMessage());
        assertThrows(IllegalValueException.class,
                () -> new DpmSinglestep(DpmAlgorithm.SDE_DPM_SOLVER, 2, DpmSlope.HEUN, true));
        Solver sde = new DpmMultistep(DpmAlgorithm.SDE_DPM_SOLVER, 2);
        assertEquals("sigma of the last row", assertThrows(IllegalValueException.class,
                () -> sde.system(RandomCase.preserving(1, 5, true).grid, Prediction.EPSILON)).name());
    }

    private static double converted(RandomCase one, Prediction prediction, DpmAlgorithm algorithm, double x, int i) {
        return algorithm.ofSample() ? one.x0(prediction, x, one.grid.level(i))
                : one.epsilon(prediction, x, one.grid.level(i));
    }

    private static double lambda(NoiseLevel level) {
        return Math.log(level.alpha()) - Math.log(level.sigma());
    }

    private static void assertNear(double expected, double actual, String where) {
        assertEquals(expected, actual, 1e-10 * Math.max(1, Math.abs(expected)), where);
    }

    /** The update formulas, as they stand there. */
    private record Step(DpmAlgorithm algorithm, NoiseLevel s, NoiseLevel t, double h) {
        Step(DpmAlgorithm algorithm, NoiseLevel s, NoiseLevel t) {
            this(algorithm, s, t, lambda(t) - lambda(s));
        }

        double to(double x, double z, double d0, double d1, double d2, DpmSlope form) {
            double e = Math.exp(-h);
            double e2 = Math.exp(-2 * h);
            double big = Math.exp(h);
            boolean half = form == null || form == DpmSlope.MIDPOINT;
            double flow = t.alpha() / s.alpha() * x - t.sigma() * (big - 1) * d0;
            return switch (algorithm) {
                case DPM_SOLVER_PLUS_PLUS -> t.sigma() / s.sigma() * x - t.alpha() * (e - 1) * d0
                        + (half ? -0.5 * t.alpha() * (e - 1) * d1 : t.alpha() * ((e - 1) / h + 1) * d1)
                        - bend(d2, t.alpha() * ((e - 1 + h) / (h * h) - 0.5));
                case DPM_SOLVER -> flow
                        - (half ? 0.5 * t.sigma() * (big - 1) * d1 : t.sigma() * ((big - 1) / h - 1) * d1)
                        - bend(d2, t.sigma() * ((big - 1 - h) / (h * h) - 0.5));
                case SDE_DPM_SOLVER_PLUS_PLUS -> t.sigma() / s.sigma() * e * x + t.alpha() * (1 - e2) * d0
                        + (half ? 0.5 * t.alpha() * (1 - e2) * d1 : t.alpha() * ((1 - e2) / (-2 * h) + 1) * d1)
                        + bend(d2, t.alpha() * ((1 - e2 - 2 * h) / (4 * h * h) - 0.5))
                        + t.sigma() * Math.sqrt(1 - e2) * z;
                case SDE_DPM_SOLVER -> t.alpha() / s.alpha() * x - 2 * t.sigma() * (big - 1) * d0
                        - (half ? t.sigma() * (big - 1) * d1 : 2 * t.sigma() * ((big - 1) / h - 1) * d1)
                        + t.sigma() * Math.sqrt(Math.exp(2 * h) - 1) * z;
            };
        }

        private static double bend(double d2, double factor) {
            return d2 == 0 ? 0 : d2 * factor;
        }
    }
}
