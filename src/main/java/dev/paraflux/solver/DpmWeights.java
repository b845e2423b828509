package dev.paraflux.solver;

/**
 * What a step of the DPM-Solver family takes of what it knows, D1 and D2 being the slope and the bend of what it integrates,
 * with the length of the step for unit.
 *
 * @param state of the state that the step starts from
 * @param value of what is predicted there
 * @param slope of D1, where a line is integrated; half of value in the midpoint form
 * @param bend  of D2
 * @param noise of fresh noise
 */
record DpmWeights(double state, double value, double slope, double bend, double noise) {
    double slope(DpmSlope form) {
        return form == DpmSlope.MIDPOINT ? value / 2 : slope;
    }
}
