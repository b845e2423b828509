package dev.paraflux.fuzz;

/** An estimate of a window, as plain Java knows it. */
final class PlainEstimate {
    final PlainRow.Place state;
    /** Null between nodes. */
    final PlainRow.Place output;
    final PlainRow.Place after;
    PlainRow.Place known;
    double ofState;
    double ofOther;
    double share;

    PlainEstimate(PlainRow.Place state, PlainRow.Place output, PlainRow.Place after) {
        this.state = state;
        this.output = output;
        this.after = after;
    }

    boolean isNode() {
        return output != null;
    }

    boolean reads(PlainRow.Place place) {
        return place.equals(state) || place.equals(output) || place.equals(known);
    }

    private double before(Rows rows, int e) {
        return known == null ? 0 : known.values(rows)[e];
    }

    private double told(Rows rows, int e) {
        return ofState * state.values(rows)[e] + ofOther * output.values(rows)[e];
    }

    /** How far a node's H goes at an element. */
    double change(Rows rows, int e) {
        return told(rows, e) - before(rows, e);
    }

    /** What two nodes bring to a row between them. */
    double brought(PlainEstimate a, PlainEstimate b, Rows rows, int e) {
        return (1 - share) * a.change(rows, e) + share * b.change(rows, e);
    }

    /** H at an element, between two nodes. */
    double x0(PlainEstimate a, PlainEstimate b, Rows rows, int e) {
        return isNode() ? told(rows, e) : before(rows, e) + brought(a, b, rows, e);
    }

    /** What the model is taken to say, given H. */
    double prediction(double x0, Rows rows, int e) {
        return isNode() ? output.values(rows)[e] : ofState * state.values(rows)[e] + ofOther * x0;
    }
}
