package dev.paraflux.schedule;

import dev.paraflux.check.IllegalValueException;
import java.util.List;

/** Which keys of a class do not go together: what diffusers raises an error for, or leaves undefined. */
final class SchedulerChecks {
    private final SchedulerSettings settings;

    private SchedulerChecks(SchedulerSettings settings) {
        this.settings = settings;
    }

    /**
     * Checks a file's keys.
     *
     * @throws IllegalValueException naming those that do not go together
     */
    static void check(SchedulerSettings settings) {
        SchedulerChecks checks = new SchedulerChecks(settings);
        if (settings.scheduler().has("algorithm_type")) {
            checks.checkAlgorithm();
        }
        if (settings.scheduler() == SchedulerClass.UNIPC) {
            checks.checkUniPc();
        }
    }

    private void checkAlgorithm() {
        String algorithm = settings.word("algorithm_type");
        boolean ofEpsilon = List.of("dpmsolver", "sde-dpmsolver", "noise_prediction").contains(algorithm);
        if (ofEpsilon) {
            settings.require(!"zero".equals(settings.word("final_sigmas_type")), "final_sigmas_type",
                    "sigma_min where algorithm_type is " + algorithm);
            settings.require(!settings.flag("thresholding") || settings.scheduler() != SchedulerClass.SA,
                    "thresholding",
                    "false where algorithm_type is " + algorithm);
            settings.require(!settings.word("prediction_type").equals("flow_prediction"), "prediction_type",
                    "another one where algorithm_type is " + algorithm);
        }
        boolean lowOrder = algorithm.equals("sde-dpmsolver")
                || algorithm.startsWith("sde") && settings.scheduler() == SchedulerClass.EDM_DPM;
        settings.require(!lowOrder || settings.integer("solver_order") < 3, "solver_order",
                "1 or 2 where algorithm_type is " + algorithm);
    }

    /** What has no finite value there. */
    private void checkUniPc() {
        boolean zero = settings.word("final_sigmas_type").equals("zero");
        settings.require(settings.flag("predict_x0") || !zero, "predict_x0", "true with final_sigmas_type zero");
        settings.require(settings.flag("predict_x0") || !settings.word("prediction_type").equals("flow_prediction"),
                "predict_x0",
                "true with prediction_type flow_prediction");
        settings.require(settings.flag("lower_order_final") || !zero || settings.integer("solver_order") == 1,
                "lower_order_final", "true with final_sigmas_type zero");
    }
}
