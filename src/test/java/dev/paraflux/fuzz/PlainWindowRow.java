package dev.paraflux.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;

/** A row of a window, as plain Java knows it. */
final class PlainWindowRow {
    final PlainRow.Place state;
    final PlainRow.Place residual;
    final PlainRow.Place map;
    final List<PlainRow.Place> inputs = new ArrayList<>();
    final List<Double> coefficients = new ArrayList<>();
    final List<PlainRow.Place> olds = new ArrayList<>();
    int parent = -1;
    int drop = -1;
    double factor;
    double dropFactor;

    PlainWindowRow(PlainRow.Place state, PlainRow.Place residual, PlainRow.Place map) {
        this.state = state;
        this.residual = residual;
        this.map = map;
    }

    /** The right side at an element. */
    double right(Rows rows, int e) {
        double right = 0;
        for (int k = 0; k < inputs.size(); k++) {
            right += coefficients.get(k) * inputs.get(k).values(rows)[e];
        }
        return right;
    }

    /** What earlier rows of the window bring, from their residuals at the element. */
    double brought(double[] first, double[] unrolled) {
        return (parent < 0 ? 0 : factor * unrolled[parent]) - (drop < 0 ? 0 : dropFactor * first[drop]);
    }

    boolean reads(PlainRow.Place place) {
        return state.equals(place) || inputs.contains(place) || olds.contains(place);
    }

    boolean stores(PlainRow.Place place) {
        return residual.equals(place) || map.equals(place);
    }

    /** Compares an element of what was stored. */
    void requireStored(double expectedResidual, double expectedMap, int e) {
        assertEquals(expectedResidual, read(residual)[e], 0, "of a residual");
        assertEquals(expectedMap, read(map)[e], 0, "of a map");
    }

    private static float[] read(PlainRow.Place place) {
        float[] found = new float[place.buffer().dim()];
        place.buffer().read(place.row(), found);
        return found;
    }

    /** Puts back what lay where something was stored, so that values stay small whole numbers. */
    void restore(Rows rows) {
        residual.buffer().write(residual.row(), residual.values(rows));
        map.buffer().write(map.row(), map.values(rows));
    }
}
