package dev.paraflux.solver;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.around.EdmPreconditioning;
import dev.paraflux.model.around.StepClipping;
import dev.paraflux.model.around.X0Clipping;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.SchedulerClass;
import dev.paraflux.schedule.SchedulerConfig;
import dev.paraflux.schedule.SchedulerSettings;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.schedule.X0Limit;
import java.util.HashMap;
import java.util.Map;

/**
 * The solver that a file of diffusers names, and what goes around the model: with the file's own grid the sample is that
 * of diffusers.
 */
public final class SchedulerSolver {
    /** What diffusers' LMS steps are of by default. */
    private static final int MOST_LMS = 4;

    private final SchedulerSettings settings;

    private SchedulerSolver(SchedulerSettings settings) {
        this.settings = settings;
    }

    /**
     * The solver of a file.
     *
     * @throws IllegalValueException naming keys that do not go together
     */
    public static Solver of(SchedulerConfig config) {
        return suited(config, new SchedulerSolver(config.settings()).solver());
    }

    private static Solver suited(SchedulerConfig config, Solver solver) {
        boolean mayStay = isDdim(config) && !config.x0Limit().equals(X0Limit.NONE)
                && !config.settings().flag("set_alpha_to_one");
        return mayStay && solver instanceof Ddim ddim ? clipped(ddim) : solver;
    }

    /**
     * The solver of a file, with another share of fresh noise.
     *
     * @param eta 0 to 1
     * @throws IllegalValueException for a class that has none
     */
    public static Solver of(SchedulerConfig config, double eta) {
        if (config.scheduler() == SchedulerClass.TCD) {
            return new Tcd(eta);
        }
        boolean own = config.scheduler() == SchedulerClass.OWN;
        if (!own && !isDdim(config)) {
            throw new IllegalValueException("eta", eta, "left out with " + config.scheduler().className()
                    + ", which has none; DDIMScheduler and TCDScheduler have");
        }
        return suited(config, new Ddim(eta, !own && eta > 0));
    }

    private static ClippedDdim clipped(Ddim ddim) {
        return new ClippedDdim(ddim.eta(), ddim.noiseInLastStep());
    }

    private static boolean isDdim(SchedulerConfig config) {
        return config.scheduler() == SchedulerClass.DDIM || config.scheduler() == SchedulerClass.DDIM_PARALLEL;
    }

    /** A solver of a file on the project's own terms: of full order to the end, without noise in the last step. */
    public static Solver onOwnTerms(Solver solver) {
        if (solver instanceof ClippedDdim clipped) {
            return new Ddim(clipped.eta());
        }
        if (solver instanceof Deis deis) {
            return new Deis(deis.order());
        }
        if (solver instanceof DpmMultistep multistep) {
            return new DpmMultistep(multistep.algorithm(), multistep.order(), multistep.slope(), false, false);
        }
        if (solver instanceof DpmSolverPlusPlus plus) {
            return new DpmMultistep(DpmAlgorithm.DPM_SOLVER_PLUS_PLUS, plus.order(), DpmSlope.MIDPOINT, false, false);
        }
        if (solver instanceof UniPc unipc) {
            return new UniPc(unipc.order(), unipc.kernel(), unipc.ofSample(), false, unipc.uncorrected());
        }
        return solver instanceof Ddim ddim ? new Ddim(ddim.eta()) : solver;
    }

    /**
     * The model as a file wants it: its x0 kept in the file's limit. diffusers' DDIM goes on with the eps that was predicted
     * before x0 was clipped; of its other classes eps follows x0.
     *
     * @param model  guided, where there is guidance
     * @param config whose limit it is
     * @param grid   the whole grid, or the last part of it
     * @param solver of its steps
     */
    public static Denoiser around(Denoiser model, SchedulerConfig config, TimeGrid grid, Solver solver) {
        if (!isDdim(config) || config.x0Limit().equals(X0Limit.NONE) || !(solver instanceof Ddim
                || solver instanceof ClippedDdim)) {
            return X0Clipping.of(denoiser(model, config.settings()), config.x0Limit());
        }
        ClippedDdim ddim = solver instanceof ClippedDdim clipped ? clipped : clipped((Ddim) solver);
        Map<NoiseLevel, StepClipping.Step> steps = new HashMap<>();
        for (int i = 1; i <= grid.steps(); i++) {
            double weight = solver instanceof ClippedDdim ? ddim.weight(grid, i) : ddim.plainWeight(grid, i);
            steps.put(grid.level(i - 1),
                    new StepClipping.Step(grid.end(i).alpha(), ddim.ddim().direction(grid, i), weight));
        }
        return StepClipping.of(model, config.x0Limit(), steps);
    }

    /** EDM's files are of a raw network, which tells c_out times less than the sample; of v with the sign of a velocity. */
    private static Denoiser denoiser(Denoiser network, SchedulerSettings settings) {
        return switch (settings.scheduler()) {
            case EDM_EULER, EDM_DPM -> settings.word("prediction_type").equals("v_prediction")
                    ? EdmPreconditioning.ofVelocity(network, settings.number("sigma_data"))
                    : new EdmPreconditioning(network, settings.number("sigma_data"));
            default -> network;
        };
    }

    private Solver solver() {
        return switch (settings.scheduler()) {
            case OWN, DDIM, DDIM_PARALLEL, COGVIDEOX_DDIM -> new Ddim();
            case DDPM, DDPM_PARALLEL -> new Ddpm(settings.word("variance_type").equals("fixed_large")
                    ? DdpmVariance.FIXED_LARGE : DdpmVariance.FIXED_SMALL);
            case EULER, EDM_EULER -> new Euler();
            case FLOW_EULER -> settings.flag("stochastic_sampling") ? new ConsistencySampling() : new Euler();
            case FLOW_HEUN -> new FlowHeun();
            case FLOW_LCM -> new ConsistencySampling();
            case EULER_ANCESTRAL -> new EulerAncestral();
            case HEUN -> new Heun();
            case LMS -> new Lms(MOST_LMS);
            case KDPM2 -> new DpmSolver2();
            case KDPM2_ANCESTRAL -> new Kdpm2Ancestral();
            case DPM_MULTISTEP, EDM_DPM -> multistep();
            case DPM_SINGLESTEP -> new DpmSinglestep(algorithm(), order(), slope(), settings.flag("lower_order_final"));
            case UNIPC -> new UniPc(order(), settings.word("solver_type").equals("bh1") ? UniPcKernel.BH1
                    : UniPcKernel.BH2, settings.flag("predict_x0"), settings.flag("lower_order_final"),
                    settings.integers("disable_corrector"));
            case SA -> new SaSolver(settings.integer("predictor_order"), settings.integer("corrector_order"),
                    settings.word("algorithm_type").equals("data_prediction"), settings.flag("lower_order_final"));
            case PNDM -> pndm(settings.word("prediction_type").equals("v_prediction"));
            case DEIS -> new Deis(order(), settings.flag("lower_order_final"), true);
            case LCM -> new Lcm(settings.number("timestep_scaling"));
            case TCD -> new Tcd();
            case COGVIDEOX_DPM -> new CogVideoXDpm();
        };
    }

    private Solver pndm(boolean mixVelocities) {
        return settings.flag("skip_prk_steps") ? new Plms(mixVelocities) : new Pndm(mixVelocities);
    }

    private Solver multistep() {
        DpmAlgorithm algorithm = algorithm();
        if (settings.flag("lower_order_final") && !eulerMatters() && slope() == DpmSlope.MIDPOINT) {
            if (algorithm == DpmAlgorithm.DPM_SOLVER_PLUS_PLUS) {
                return new DpmSolverPlusPlus(order());
            }
            if (algorithm == DpmAlgorithm.SDE_DPM_SOLVER_PLUS_PLUS && order() == 2) {
                return new SdeDpmSolverPlusPlus();
            }
        }
        return new DpmMultistep(algorithm, order(), slope(), settings.flag("lower_order_final"), eulerMatters());
    }

    /** A last step into sigma = 0 is of first order anyway. */
    private boolean eulerMatters() {
        return settings.flag("euler_at_final") && !settings.word("final_sigmas_type").equals("zero");
    }

    private DpmAlgorithm algorithm() {
        return switch (settings.word("algorithm_type")) {
            case "dpmsolver++" -> DpmAlgorithm.DPM_SOLVER_PLUS_PLUS;
            case "dpmsolver" -> DpmAlgorithm.DPM_SOLVER;
            case "sde-dpmsolver++" -> DpmAlgorithm.SDE_DPM_SOLVER_PLUS_PLUS;
            default -> DpmAlgorithm.SDE_DPM_SOLVER;
        };
    }

    private DpmSlope slope() {
        return settings.word("solver_type").equals("heun") ? DpmSlope.HEUN : DpmSlope.MIDPOINT;
    }

    private int order() {
        return settings.integer("solver_order");
    }
}
