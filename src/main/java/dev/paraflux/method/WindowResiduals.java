package dev.paraflux.method;

import dev.paraflux.device.WindowTable;
import dev.paraflux.solver.TriangularSystem;

/** How far one sample's rows are, or were when they were accepted, from following each other. */
final class WindowResiduals {
    private final WindowSettings rule;
    private final TriangularSystem system;
    private double accepted;
    private double open;

    WindowResiduals(WindowSettings rule, TriangularSystem system) {
        this.rule = rule;
        this.system = system;
    }

    void clear() {
        accepted = 0;
        open = Double.NaN;
    }

    /**
     * Notes the residuals of the rows of a round, as they were measured, before their plain update. A row whose inputs were
     * final and did not move is exact by that update, whatever its residual was.
     *
     * @param window   has the residuals
     * @param first    where the first row under way lies in it
     * @param fixed    the last row that was final before the round
     * @param newFixed the last row that is final after it
     * @param end      the last row of the window
     */
    void note(WindowTable window, int first, int fixed, int newFixed, int end) {
        double largestAccepted = 0;
        double largest = 0;
        for (int i = fixed + 1; i <= end; i++) {
            int at = first + i - fixed - 1;
            double meanSquare = window.meanSquare(at);
            boolean converged = rule.converged(system, i, meanSquare, window.meanSquareUnrolled(at));
            if (i < newFixed || i == newFixed && converged && largestAccepted > 0) {
                largestAccepted = Math.max(largestAccepted, meanSquare);
            } else if (i > newFixed || !converged) {
                largest = Math.max(largest, meanSquare);
            }
        }
        accepted = Math.max(accepted, Math.sqrt(largestAccepted));
        open = Math.sqrt(largest);
    }

    /** Largest root mean square that a row was accepted with; 0 while all final rows are exact. */
    double accepted() {
        return accepted;
    }

    /** Largest of these, and of the rows that were not near enough in the last round; NaN before it. */
    double largest() {
        return Math.max(accepted, open);
    }
}
