package dev.paraflux.schedule;

/** How the grid of any number of steps is made. */
public sealed interface GridSettings permits TrainedGrid, FlowGrid {
    /**
     * The grid of a number of steps.
     *
     * @param steps 1 or more
     * @throws IllegalArgumentException naming the value and its range
     */
    TimeGrid grid(int steps);

    /**
     * The same with another spacing of the training steps, in place of any rule for the noise ratios.
     *
     * @throws IllegalArgumentException where there are no training steps
     */
    GridSettings withSpacing(Spacing spacing);

    /**
     * The same with a rule for the noise ratios sigma / alpha, in place of the spacing of the training steps.
     *
     * @throws IllegalArgumentException where there are no training steps
     */
    GridSettings withSigmas(SigmaRule sigmas);
}
