package dev.paraflux.solver;

import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.Prediction;

/**
 * The step of PNDM (Liu et al., arXiv 2202.09778, equation 9): DDIM's, with a mean of several eps where that has the eps of
 * its start.
 *
 * @param mixVelocities whether the mean is taken of the velocities that the model tells, and eps is what it would predict at
 *                      the start with that mean, as diffusers' PNDMScheduler does for a model that predicts v; else of the eps
 */
record PndmStep(boolean mixVelocities) {
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
        if (mixVelocities) {
            rows.state(from, step * Prediction.VELOCITY.epsilonOfState(at));
        }
        for (int k = 0; k < weights.length; k++) {
            if (mixVelocities) {
                // Of the velocities, whatever the model's output is turned into on the way, to be clipped or masked.
                rows.velocity(known[k], step * weights[k] * Prediction.VELOCITY.epsilonOfOutput(at));
            } else {
                rows.epsilon(known[k], step * weights[k]);
            }
        }
    }
}
