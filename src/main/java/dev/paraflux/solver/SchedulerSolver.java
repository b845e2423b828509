package dev.paraflux.solver;

import dev.paraflux.schedule.SchedulerClass;
import dev.paraflux.schedule.SchedulerConfig;
import dev.paraflux.schedule.SolverSettings;
import java.util.List;
import java.util.Optional;

/**
 * The solver that a file of diffusers names. Without a class it is {@link Ddim}.
 *
 * <p>The same rows as diffusers' but for these:
 * <ul>
 * <li>DPMSolverSinglestepScheduler of order 2 takes the grid's next level for the stage of a step of two;
 * {@link DpmSolverPlusPlus2S} and {@link DpmSolver2} put theirs in the middle of every step.
 * <li>DEISMultistepScheduler lowers the order of the last steps where there are fewer than 15; {@link Deis} does so
 * into sigma = 0 alone, where that scheduler does not go.
 * <li>DDIMScheduler keeps the predicted eps where it clips x0; behind {@code X0Clipping} eps follows the clipped x0,
 * as with its use_clipped_model_output.
 * </ul>
 */
public final class SchedulerSolver {
    private final SolverSettings settings;
    private final String className;

    private SchedulerSolver(SolverSettings settings, String className) {
        this.settings = settings;
        this.className = className;
    }

    /** {@link #of(SolverSettings)} of a file. */
    public static Solver of(SchedulerConfig config) {
        return of(config.solver());
    }

    /**
     * The solver of a class and its options; absent options have diffusers' defaults.
     *
     * @throws IllegalArgumentException naming a class or an option that there is no solver for, and the legal ones
     */
    public static Solver of(SolverSettings settings) {
        if (settings.className().isEmpty()) {
            return new Ddim();
        }
        String name = settings.className().get();
        for (SchedulerClass known : SchedulerClass.values()) {
            if (known.className().equals(name)) {
                return new SchedulerSolver(settings, name).solver(known);
            }
        }
        throw new IllegalArgumentException("_class_name is " + name + ", which is not supported, legal: "
                + String.join(", ", SchedulerClass.classNames()));
    }

    private Solver solver(SchedulerClass scheduler) {
        return switch (scheduler) {
            case DDIM -> new Ddim();
            case DDPM -> new Ddpm();
            case EULER, FLOW_EULER -> new Euler();
            case HEUN -> new Heun();
            case DPM_MULTISTEP -> multistep();
            case DPM_SINGLESTEP -> singlestep();
            case UNIPC -> {
                choice("solver_type", settings.type(), "bh2");
                yield new UniPc(order(1, 2, 3));
            }
            case PNDM -> new Plms();
            case DEIS -> {
                choice("algorithm_type", settings.algorithm(), "deis");
                choice("solver_type", settings.type(), "logrho");
                yield new Deis(order(1, 2, 3));
            }
        };
    }

    private Solver multistep() {
        choice("solver_type", settings.type(), "midpoint");
        if (choice("algorithm_type", settings.algorithm(), "dpmsolver++", "sde-dpmsolver++").equals("dpmsolver++")) {
            return new DpmSolverPlusPlus(order(1, 2, 3));
        }
        order(2);
        return new SdeDpmSolverPlusPlus();
    }

    private Solver singlestep() {
        choice("solver_type", settings.type(), "midpoint");
        boolean dataPrediction = choice("algorithm_type", settings.algorithm(), "dpmsolver++", "dpmsolver")
                .equals("dpmsolver++");
        if (order(1, 2) == 1) {
            // Order 1 of both is DDIM, row for row.
            return new DpmSolverPlusPlus(1);
        }
        return dataPrediction ? new DpmSolverPlusPlus2S() : new DpmSolver2();
    }

    private int order(Integer... legal) {
        int order = settings.order().orElse(2);
        if (!List.of(legal).contains(order)) {
            throw wrong("solver_order", order, List.of(legal).stream().map(String::valueOf).toArray(String[]::new));
        }
        return order;
    }

    /** The value that was given, or else the first of the legal ones. */
    private String choice(String key, Optional<String> value, String... legal) {
        String chosen = value.orElse(legal[0]);
        if (!List.of(legal).contains(chosen)) {
            throw wrong(key, chosen, legal);
        }
        return chosen;
    }

    private IllegalArgumentException wrong(String key, Object value, String... legal) {
        String asked = settings.algorithm().isPresent() && key.equals("solver_order")
                ? className + " with algorithm_type " + settings.algorithm().get() : className;
        return new IllegalArgumentException(key + " is " + value + ", legal for " + asked + ": "
                + String.join(", ", legal));
    }
}
