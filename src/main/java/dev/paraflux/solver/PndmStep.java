package dev.paraflux.solver;

import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;

/**
 * The step of PNDM (Liu et al., arXiv 2202.09778, equation 9): DDIM's, with a mean of several eps where that has the eps of
 * its start.
 *
 * @param prediction what the model's output means
 * @param mixOutputs whether the mean is taken of the outputs, and eps is what a model with this output would predict at the
 *                   start, as diffusers' PNDMScheduler does; else each output is turned into eps where it was predicted
 */
record PndmStep(Prediction prediction, boolean mixOutputs) {
    /**
     * Writes the row that was begun.
     *
     * @param from    the row that the step starts from
     * @param at      its level
     * @param end     the level that the step ends at
     * @param weights of the predictions, which sum to 1
     * @param known   their rows
     */
    void write(TriangularSystem.Builder rows, int from, NoiseLevel at, NoiseLevel end, double[] weights, int... known) {
        if (weights.length == 1 && known[0] == from) {
            // As it is written where alpha may be 0.
            rows.x0(from, end.alpha()).epsilon(from, end.sigma());
            return;
        }
        double step = end.sigma() - end.alpha() * Coordinates.ratio(at, from);
        rows.state(from, end.alpha() / at.alpha());
        if (mixOutputs) {
            rows.state(from, step * prediction.epsilonOfState(at));
        }
        for (int k = 0; k < weights.length; k++) {
            if (mixOutputs) {
                rows.prediction(known[k], step * weights[k] * prediction.epsilonOfOutput(at));
            } else {
                rows.epsilon(known[k], step * weights[k]);
            }
        }
    }
}
