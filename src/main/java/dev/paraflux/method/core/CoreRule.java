package dev.paraflux.method.core;

/**
 * When cores wait and when a run of them ends.
 *
 * @param stop           when a refined sample is good enough
 * @param maxRefinements refinements after which the run ends as it is
 * @param blocked        whether a core's next checkpoint is the next refinement, so that none need be passed that comes
 *                       after the last refinement
 * @param barrier        whether a checkpoint is passed only once the refinement that it belongs to is done
 */
record CoreRule(StopRule stop, int maxRefinements, boolean blocked, boolean barrier) {

    /** Whether a core may go on from its checkpoint n, when so many answers are known. */
    boolean mayPass(int n, int answers) {
        return !blocked || n < maxRefinements && (!barrier || n < answers);
    }
}
