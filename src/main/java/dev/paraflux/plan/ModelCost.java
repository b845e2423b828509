package dev.paraflux.plan;

import dev.paraflux.check.Require;
import java.util.List;

/**
 * What calls of a model take, by their rows: beta(W) of parallel sampling is {@code seconds(W) / seconds(1)}.
 *
 * @param points measured sizes, in order, the first of 1 row
 */
public record ModelCost(List<Point> points) {
    /**
     * A measured size.
     *
     * @param rows    of a call, 1 or more
     * @param seconds median of some calls, above 0
     * @param noise   how far apart the calls were that lie around the median, half of all: as a share of it, 0 or more
     */
    public record Point(int rows, double seconds, double noise) {
        /** Checks the numbers. */
        public Point {
            Require.atLeast(1, "rows", rows);
            Require.positive("seconds", seconds);
            Require.notNegative("noise", noise);
        }
    }

    /** Copies the points, and checks their order. */
    public ModelCost {
        points = List.copyOf(points);
        Require.atLeast(1, "number of points", points.size());
        for (int i = 0; i < points.size(); i++) {
            int least = i == 0 ? 1 : points.get(i - 1).rows + 1;
            Require.that(points.get(i).rows >= least && (i > 0 || points.get(i).rows == 1), "rows of point " + i,
                    points.get(i).rows, i == 0 ? "1" : least + " or more");
        }
    }

    /** Seconds of a call: between two sizes in proportion, beyond the last one each row as the last ones. */
    public double seconds(int rows) {
        Require.atLeast(1, "rows", rows);
        Point before = points.get(0);
        for (int i = 1; i < points.size(); i++) {
            Point next = points.get(i);
            if (rows <= next.rows || i == points.size() - 1) {
                double share = (double) (rows - before.rows) / (next.rows - before.rows);
                return before.seconds + share * (next.seconds - before.seconds);
            }
            before = next;
        }
        return rows * before.seconds;
    }

    /** The largest noise of a point. */
    public double noise() {
        return points.stream().mapToDouble(Point::noise).max().orElseThrow();
    }
}
