package dev.paraflux.solver;

/** For samplers of distilled models: their noise is not that of the data's own distribution. */
abstract class DistilledContract extends SolverContract {
    @Override
    boolean converges() {
        return false;
    }

    @Override
    boolean standsStill() {
        return false;
    }
}
