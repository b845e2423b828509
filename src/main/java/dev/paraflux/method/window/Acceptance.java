package dev.paraflux.method.window;

import dev.paraflux.io.ImageGrid;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.solver.TriangularSystem;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** A {@link Tolerance} for the rows of one system: what a row must not exceed to be final. */
final class Acceptance {
    /** Rows move by this share of a distance when they are accepted: what is left of it adds up over the rounds. */
    private static final double SHARE = 1.0 / 3;

    private final double[] limits;
    private final boolean ofFirstOrder;
    private final boolean rounded;

    private Acceptance(TriangularSystem system, boolean ofFirstOrder, boolean rounded, IntToDoubleFunction limit) {
        this.ofFirstOrder = ofFirstOrder;
        this.rounded = rounded;
        limits = IntStream.rangeClosed(0, system.rows()).mapToDouble(i -> i == 0 ? 0 : limit.applyAsDouble(i))
                .toArray();
    }

    static Acceptance of(Tolerance tolerance, TriangularSystem system) {
        if (tolerance instanceof Tolerance.Residual residual) {
            return new Acceptance(system, true, residual.absolute() > 0 || residual.relative() > 0,
                    i -> Math.max(residual.absolute(), residual.relative() * system.noiseScale(i)));
        }
        if (tolerance instanceof Tolerance.Steps steps) {
            return new Acceptance(system, false, steps.tolerance() > 0, i -> steps.tolerance() * system.noiseScale(i));
        }
        double distance = tolerance instanceof Tolerance.Pixels pixels ? pixels.distance() / ImageGrid.PIXELS_OF_UNIT
                : ((Tolerance.Values) tolerance).distance();
        return new Acceptance(system, false, distance > 0, i -> SHARE * distance * size(system.level(i)));
    }

    /** Root mean square of a state of data of size 1: what a distance is relative to on the way to the sample. */
    private static double size(NoiseLevel level) {
        return Math.hypot(level.alpha(), level.sigma());
    }

    /**
     * Whether a row may be final; all are root mean squares.
     *
     * @param residual      of first order
     * @param residualFloor what it comes to by the rounding of the model alone
     * @param distance      that the row is about to move
     * @param distanceFloor what that comes to by rounding
     */
    boolean met(int row, double residual, double residualFloor, double distance, double distanceFloor) {
        double measured = ofFirstOrder ? residual : distance;
        return measured <= limits[row] || rounded && measured <= (ofFirstOrder ? residualFloor : distanceFloor);
    }
}
