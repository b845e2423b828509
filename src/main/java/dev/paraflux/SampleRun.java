package dev.paraflux;

import dev.paraflux.device.Queue;
import dev.paraflux.engine.Ending;
import dev.paraflux.engine.Plan;
import dev.paraflux.engine.Run;
import dev.paraflux.method.Problem;
import dev.paraflux.method.Solve;
import dev.paraflux.method.Trajectory;
import dev.paraflux.method.UpdateCounts;
import dev.paraflux.method.Work;
import dev.paraflux.noise.TorchRandom;
import dev.paraflux.solver.TriangularSystem;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A request under way, and how it ended: see docs/decisions/0013. */
final class SampleRun extends Run {
    private final StartRows startRows;
    private final int dim;
    private Request request;
    private SampleCall call;
    private FloatBuffer into;
    private float[] values;
    private Trajectory trajectory;
    private Sample sample;
    private Status status;
    private int finalRows;
    private int answers;
    /** By rows, of a run that is over and was watched. */
    private double[] residuals;
    /** Null where nobody records. */
    private SampleEvent event;
    /** Draws its rows while they are written; null otherwise. */
    private TorchRandom random;
    /** The row whose noise is to be written next; -1 before the start row. */
    private int nextNoise;
    private volatile boolean accepted;
    private volatile boolean ended;

    /** Values in a row. */
    int dim() {
        return dim;
    }

    SampleRun(StartRows startRows, int dim) {
        this.startRows = startRows;
        this.dim = dim;
    }

    /** @param receiver of the values, at its position; null where they become a {@link Sample} */
    void set(Request newRequest, Plan plan, SampleCall ofCall, FloatBuffer receiver) {
        set(plan, newRequest.conditioning());
        request = newRequest;
        call = ofCall;
        into = receiver;
        values = null;
        trajectory = null;
        sample = null;
        status = null;
        finalRows = 0;
        answers = 0;
        residuals = null;
        event = SampleEvent.begun();
        random = null;
        nextNoise = -1;
        accepted = false;
        ended = false;
    }

    /** Keeps nothing of the caller's. */
    void forget() {
        request = null;
        into = null;
    }

    /** What came of it; null until then, and where values went elsewhere. */
    Sample sample() {
        return sample;
    }

    Status status() {
        return status;
    }

    void accept() {
        accepted = true;
    }

    boolean hasEnded() {
        return ended;
    }

    /** Whether a round is over that it took part in, and it goes on: a listener may look at it while it sits out. */
    boolean isUnderWay() {
        return !ended && rounds() > 0;
    }

    /** Of a run that is not over only while no round goes on that it takes part in. */
    int finalRows() {
        return isUnderWay() ? solve().finalRows() : finalRows;
    }

    int answers() {
        return isUnderWay() ? solve().answers() : answers;
    }

    /** Of a row, as {@link Solve#residual(int)} has it; NaN before the first round. */
    double residual(int row) {
        if (isUnderWay()) {
            return solve().residual(row);
        }
        return residuals == null ? Double.NaN : residuals[row];
    }

    int systemRows() {
        return plan().system().rows();
    }

    @Override
    protected boolean write(Problem problem, int place, Work work) {
        TriangularSystem system = problem.system();
        if (nextNoise < 0) {
            random = startRows.random(request, system);
            startRows.writeStart(request, random, problem, place, work);
            nextNoise = 0;
        } else {
            startRows.writeNoise(nextNoise, request, random, problem, place, work);
        }
        do {
            nextNoise++;
        } while (nextNoise <= system.rows() && !system.drawn(nextNoise));
        if (nextNoise <= system.rows()) {
            return true;
        }
        if (random != null) {
            startRows.giveBack(random);
            random = null;
        }
        return false;
    }

    @Override
    protected boolean isAccepted() {
        return accepted;
    }

    @Override
    protected void fetch(Ending why, Queue queue) {
        if (why == Ending.NON_FINITE || why == Ending.STOPPED && !solve().hasAnswer()) {
            return;
        }
        if (into != null) {
            queue.read(solve().result(), solve().resultRow(), into);
            return;
        }
        values = new float[dim];
        queue.read(solve().result(), solve().resultRow(), values, 0);
        if (call.keepsTrajectories()) {
            trajectory = solve().trajectory(queue);
        }
    }

    @Override
    protected void end(Ending why) {
        if (solve() == null) {
            // There was no place for it: its call has failed.
            ended = true;
            return;
        }
        finalRows = solve().finalRows();
        answers = solve().answers();
        if (call.listens()) {
            residuals = new double[systemRows() + 1];
            Arrays.setAll(residuals, row -> row == 0 ? 0 : solve().residual(row));
        }
        status = statusOf(why);
        boolean read = into != null ? why != Ending.NON_FINITE && why != Ending.FAILED
                && (why != Ending.STOPPED || solve().hasAnswer()) : values != null;
        boolean finite = read && isFinite();
        // Finite predictions can still add up to more than a float holds; no later prediction would show it. An answer under
        // way might have been mended: the stop is still what ended the sample.
        boolean overflow = read && !finite && why != Ending.STOPPED;
        if (overflow) {
            nonFiniteAt(systemRows());
            status = Status.NON_FINITE;
        }
        if (into == null && why != Ending.FAILED) {
            boolean kept = finite && status != Status.NON_FINITE;
            sample = new Sample(kept ? values : null, status, message(why, kept), stats(), kept ? trajectory : null);
        }
        if (event != null) {
            record(why == Ending.FAILED ? "FAILED" : status.name(), stats());
        }
        values = null;
        ended = true;
    }

    private void record(String how, Stats stats) {
        event.status = how;
        event.method = plan().method().getClass().getSimpleName();
        event.rounds = stats.rounds();
        event.evaluations = stats.evaluations();
        event.modelRows = stats.modelRows();
        event.queued = Math.round(1e9 * stats.queuedSeconds());
        event.inModel = modelNanos();
        event.commit();
        event = null;
    }

    private Status statusOf(Ending why) {
        return switch (why) {
            case FINISHED -> solve().exact() ? Status.COMPLETED
                    : solve().converged() ? Status.CONVERGED : Status.ROUND_LIMIT;
            case ACCEPTED -> Status.ACCEPTED;
            case NON_FINITE -> Status.NON_FINITE;
            case STOPPED, FAILED -> call.stopStatus();
        };
    }

    private boolean isFinite() {
        for (int e = 0; e < dim; e++) {
            if (!Float.isFinite(into == null ? values[e] : into.get(into.position() + e))) {
                return false;
            }
        }
        return true;
    }

    private String message(Ending why, boolean hasValues) {
        if (status == Status.NON_FINITE) {
            int row = nonFiniteRow();
            return "in round " + rounds() + ", at row " + row + " (time " + plan().system().level(row).time() + "): "
                    + status.advice();
        }
        if (why == Ending.STOPPED) {
            String text = "in round " + (rounds() + 1) + ", with " + reached() + ": " + status.advice();
            return hasValues ? text + "; the values are what was reached" : text;
        }
        boolean atHand = why != Ending.FINISHED || solve().hasAnswer();
        return atHand ? status.advice()
                : status.advice() + "; the values are those of a row before the last one, which still has noise in it";
    }

    /** How far it came, in words. */
    private String reached() {
        Solve solve = solve();
        StringBuilder text = new StringBuilder();
        text.append(solve.finalRows()).append(" of ").append(systemRows()).append(" rows final");
        double residual = solve.residual();
        if (Double.isFinite(residual)) {
            text.append(String.format(Locale.ROOT, ", a residual of %.3g", residual));
        }
        List<Double> changes = solve.changes();
        if (!changes.isEmpty()) {
            text.append(String.format(Locale.ROOT, ", a last change of %.3g", changes.get(changes.size() - 1)));
        }
        return text.toString();
    }

    private Stats stats() {
        return new Stats(rounds(), evaluations(), modelRows(), solve().finalRows(), solve().residual(),
                solve().updates(), solve().changes(), call.limits().seconds(),
                Math.max(0, call.limits().secondsTo(joinedNanos())), modelNanos() * 1e-9);
    }

    @Override
    protected void endUnbegun() {
        status = call.stopStatus();
        double queued = call.limits().seconds();
        Stats stats = new Stats(0, 0, 0, 0, Double.NaN, UpdateCounts.NONE, List.of(), queued, queued, 0);
        sample = new Sample(null, status, "before its first round: " + status.advice(), stats, null);
        if (event != null) {
            record(status.name(), stats);
        }
        ended = true;
    }
}
