package dev.paraflux.schedule;

/**
 * The grids of flow matching: {@link TimeGrid#flow(int, double, double)}.
 *
 * @param shift     above 0, finite; 1 for none
 * @param timeScale above 0, finite: the model is given timeScale tau
 */
public record FlowGrid(double shift, double timeScale) implements GridSettings {
    /** Checks the numbers. */
    public FlowGrid {
        TimeGrid.flow(1, shift, timeScale);
    }

    @Override
    public TimeGrid grid(int steps) {
        return TimeGrid.flow(steps, shift, timeScale);
    }
}
