package dev.paraflux.method.window;

import dev.paraflux.solver.TriangularSystem;
import java.util.Arrays;

/**
 * Which rows are the nodes of a round: steps 1 to 4 of {@link SparseParaTaa}, on numbers alone. A row's rank is how many rows
 * before it are evaluated; distances are counted in ranks.
 */
final class NodeChoice {
    /** Of the cap, what goes to the first nodes, as dense as they are wished for; the rest is spread over the others. */
    private static final double SHARE_OF_FIRST = 0.5;
    /** By which the rest moves on from round to round, so that no row is left out for good. */
    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

    /** Rows from which on more of them are worth more nodes, and theta may be larger. */
    private static final double MANY_ROWS = 100;
    /** Times the ratio of two rounds' largest increments: what theta is multiplied by; at least this, and with many rows at most that. */
    private static final double PER_CONTRACTION = 3.5;
    private static final double LEAST_OF_THETA = 0.25;
    private static final double MOST_OF_THETA = 2.5;
    /** Of the largest increment, below which a node is told well enough whatever its own is. */
    private static final double SMALL = 0.05;

    private final SparseParaTaa rule;
    private final TriangularSystem system;
    private final int[] ranks;
    private final int evaluated;
    /** The longest stride. */
    private final int longest;
    /** 1, or with many rows the root of how many times as many they are. */
    private final double growth;
    private final double[] wishes;
    /** How far each row is from where its residual would take it; infinity where nothing is known. */
    private final double[] moves;
    private final int[] nodes;
    private final boolean[] chosen;
    /** By row, for the nodes that are counted. */
    private final int[] nodeAt;
    /** What each node by itself wishes for. */
    private final double[] nodeWishes;
    private int size;
    private int choices;
    private boolean first;
    /** The largest increment of the last round, and its ratio to that of the round before; NaN where there was none. */
    private double largest;
    private double contraction;

    NodeChoice(SparseParaTaa rule, TriangularSystem system) {
        this.rule = rule;
        this.system = system;
        int rows = system.rows();
        ranks = new int[rows + 1];
        for (int i = 0; i < rows; i++) {
            ranks[i + 1] = ranks[i] + (system.evaluated(i) ? 1 : 0);
        }
        evaluated = ranks[rows];
        growth = Math.max(1, Math.sqrt(evaluated / MANY_ROWS));
        longest = (int) Math.max(1, evaluated / (rule.density() * growth));
        wishes = new double[rows + 1];
        moves = new double[rows + 1];
        nodes = new int[rows + 1];
        nodeWishes = new double[rows + 1];
        chosen = new boolean[rows + 1];
        nodeAt = new int[rows + 1];
    }

    /** Forgets everything, and chooses the nodes of the first round; as {@link #choose}. */
    void begin(int firstUnevaluated, int fixed, int end) {
        first = true;
        choices = 0;
        largest = Double.NaN;
        contraction = Double.NaN;
        Arrays.fill(wishes, Double.POSITIVE_INFINITY);
        Arrays.fill(moves, Double.POSITIVE_INFINITY);
        choose(firstUnevaluated, fixed, end);
    }

    /** How far a row is from where its residual R_i would take it, root mean square. */
    void moves(int i, double distance) {
        moves[i] = Double.isFinite(distance) ? distance : Double.POSITIVE_INFINITY;
    }

    /**
     * Chooses.
     *
     * @param firstUnevaluated from here on to {@code fixed} all rows are nodes, but only the last of them is counted
     * @param fixed            the last row that is final
     * @param end              the row after the last one that may be a node
     */
    void choose(int firstUnevaluated, int fixed, int end) {
        size = 0;
        Arrays.fill(chosen, false);
        int last = end - 1;
        while (last > fixed && !system.evaluated(last)) {
            last--;
        }
        for (int i = firstUnevaluated; i < end; i++) {
            if (!system.evaluated(i)) {
                continue;
            }
            if (i <= fixed) {
                chosen[i] = true;
                nodes[0] = i;
                size = 1;
            } else if (size == 0 || i == last || ranks[i] - ranks[nodes[size - 1]] >= stride(i)) {
                nodes[size++] = i;
            }
        }
        putOff();
        choices++;
        for (int q = 0; q < size; q++) {
            chosen[nodes[q]] = true;
            nodeAt[nodes[q]] = q;
        }
    }

    private double stride(int i) {
        if (first) {
            return longest;
        }
        double stride = Math.floor(Math.min(wishes[i], evaluated * Math.sqrt(moves[i]) / rule.kappa()));
        return Math.max(1, Math.min(longest, stride));
    }

    /** Leaves out what is above the cap, not the last one. */
    private void putOff() {
        int cap = rule.cap();
        if (size <= cap) {
            return;
        }
        int kept = (int) (cap * SHARE_OF_FIRST);
        int spread = cap - kept;
        int others = size - kept;
        int last = nodes[size - 1];
        double phase = choices * GOLDEN % 1;
        for (int k = 0; k < spread - 1; k++) {
            nodes[kept + k] = nodes[kept + (int) ((k + phase) * (others - 1) / (spread - 1))];
        }
        nodes[cap - 1] = last;
        size = cap;
    }

    /**
     * Learns from a round how far apart its nodes should have been.
     *
     * @param sizes  rms of d_j by node
     * @param errors rms of d_j less what its neighbours tell of it, by node; those of the first and the last are ignored
     */
    void learn(double[] sizes, double[] errors) {
        first = false;
        int from = nodes[0];
        int to = nodes[size - 1];
        if (size < 4) {
            Arrays.fill(wishes, from, to + 1, 2);
            return;
        }
        double theta = thetaAfter(sizes);
        for (int q = 1; q < size - 1; q++) {
            double around = Math.max(sizes[q], Math.max(sizes[q - 1], sizes[q + 1]));
            double half = (ranks[nodes[q + 1]] - ranks[nodes[q - 1]]) / 2.0;
            nodeWishes[q] = wish(half, theta * Math.max(around, SMALL * largest), errors[q]);
        }
        nodeWishes[0] = Double.POSITIVE_INFINITY;
        nodeWishes[size - 1] = Double.POSITIVE_INFINITY;
        double left = leastAround(0);
        wishes[from] = left;
        for (int q = 1; q < size; q++) {
            double right = leastAround(q);
            for (int i = nodes[q - 1] + 1; i <= nodes[q]; i++) {
                double share = share(i, q);
                wishes[i] = (1 - share) * left + share * right;
            }
            left = right;
        }
    }

    /** The error that is wished for, as a share of increments: less where these become small fast, for it would soon be all of them. */
    private double thetaAfter(double[] sizes) {
        double before = largest;
        double contractionBefore = contraction;
        largest = 0;
        for (int q = 0; q < size; q++) {
            largest = Double.isFinite(sizes[q]) ? Math.max(largest, sizes[q]) : largest;
        }
        contraction = largest / before;
        if (!Double.isFinite(contraction)) {
            return rule.theta();
        }
        double most = contraction < 1 && contractionBefore < 1 ? Math.min(growth, MOST_OF_THETA) : 1;
        return rule.theta() * Math.max(LEAST_OF_THETA, Math.min(most, PER_CONTRACTION * contraction));
    }

    private double wish(double half, double allowed, double error) {
        if (!Double.isFinite(allowed) || !Double.isFinite(error)) {
            // Nothing can be told here from neighbours.
            return 1;
        }
        return half * (error == 0 ? 2 : Math.max(0.25, Math.min(2, Math.sqrt(4 * allowed / error))));
    }

    private double leastAround(int q) {
        double least = nodeWishes[q];
        least = q > 0 ? Math.min(least, nodeWishes[q - 1]) : least;
        return q < size - 1 ? Math.min(least, nodeWishes[q + 1]) : least;
    }

    /** How far row i is on the way from node q - 1 to node q, 0 to 1. */
    double share(int i, int q) {
        int before = ranks[nodes[q - 1]];
        return (double) (ranks[i] - before) / (ranks[nodes[q]] - before);
    }

    /** How far node q is on the way from the node before it to the one after it. */
    double shareOfNode(int q) {
        int before = ranks[nodes[q - 1]];
        return (double) (ranks[nodes[q]] - before) / (ranks[nodes[q + 1]] - before);
    }

    /** Number of nodes; those before the last final row are not counted. */
    int size() {
        return size;
    }

    /** The row of a node, 0 to {@link #size()} - 1; the first is the last final row that is evaluated. */
    int node(int q) {
        return nodes[q];
    }

    /** Which node a row is that is one. */
    int nodeAt(int i) {
        return nodeAt[i];
    }

    /** Whether a row is a node, or is before the first one and evaluated with them. */
    boolean contains(int i) {
        return chosen[i];
    }

    /** Whether nothing has been predicted yet. */
    boolean isFirst() {
        return first;
    }
}
