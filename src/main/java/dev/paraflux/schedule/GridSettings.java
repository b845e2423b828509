package dev.paraflux.schedule;

/** How the grid of any number of steps is made. */
public sealed interface GridSettings permits TrainedGrid, FlowGrid, SteppedGrid, SigmaGrid, LambdaGrid, FlowSigmaGrid,
        ShiftedFlowGrid, ConsistencyGrid, EdmGrid, CustomGrid {
    /**
     * The grid of a number of steps.
     *
     * @param steps 1 or more
     * @throws IllegalArgumentException naming the value and its range
     */
    TimeGrid grid(int steps);
}
