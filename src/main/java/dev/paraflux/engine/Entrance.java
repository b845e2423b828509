package dev.paraflux.engine;

import dev.paraflux.check.Require;
import dev.paraflux.method.Work;
import dev.paraflux.model.Denoiser;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs that have a slot, while the rows are written that they begin with. A start row is written at once; the noise of steps,
 * which may be as many rows as there are steps, a slice between two rounds, in order of arrival, so that those under way
 * are not held up by it for long. Those of one call begin together. For the thread that leads.
 */
final class Entrance {
    /** What a slice takes at least: less than somebody notices. */
    private static final long LEAST_NANOS = 100_000;

    private final Denoiser denoiser;
    private final Work work;
    private final List<Run> runs = new ArrayList<>();

    Entrance(Denoiser denoiser, Work work) {
        this.denoiser = denoiser;
        this.work = work;
    }

    /** Takes a run in, which has a slot, or whose call has failed. */
    void enter(Run run) {
        runs.add(run);
    }

    /** They go before they have begun. */
    void leave(List<Run> leaving) {
        if (!runs.isEmpty()) {
            runs.removeAll(leaving);
        }
    }

    /**
     * Writes rows, and has those begin that have all of theirs, or are stopped.
     *
     * @param roundNanos how long those under way are busy between two slices; 0 if none is
     */
    void write(long roundNanos) {
        if (runs.isEmpty()) {
            return;
        }
        long end = System.nanoTime() + Math.max(LEAST_NANOS, roundNanos);
        // One row at least, however slow.
        boolean more = true;
        Call asked = null;
        boolean stopped = false;
        for (int i = 0; i < runs.size(); i++) {
            Run run = runs.get(i);
            stopped = run.call == asked ? stopped || run.call.failed() : run.call.stopped();
            asked = run.call;
            if (stopped && !run.written) {
                run.ending = Ending.STOPPED;
            } else if (!run.writing) {
                write(run);
            }
            while (more && !run.written && run.ending == null) {
                write(run);
                more = System.nanoTime() < end;
            }
        }
        beginWritten();
    }

    private void write(Run run) {
        run.writing = true;
        try {
            run.written = !run.write(run.block.problem(), run.slot, work);
        } catch (Throwable e) {
            run.fail(e);
        }
    }

    /** Runs of a call stand one behind the other, as they came. */
    private void beginWritten() {
        int kept = 0;
        int next = 0;
        while (next < runs.size()) {
            int first = next;
            boolean allWritten = true;
            while (next < runs.size() && runs.get(next).call == runs.get(first).call) {
                allWritten &= runs.get(next).written || runs.get(next).ending != null;
                next++;
            }
            for (int i = first; i < next; i++) {
                if (allWritten) {
                    begin(runs.get(i));
                } else {
                    runs.set(kept++, runs.get(i));
                }
            }
        }
        while (runs.size() > kept) {
            runs.remove(runs.size() - 1);
        }
    }

    private void begin(Run run) {
        run.begun = true;
        if (run.call.failed()) {
            return;
        }
        try {
            run.solve().restart(work, Require.notNegative("rounding of the model", denoiser.rounding(run.asked())));
            if (run.ending == null && run.solve().finished()) {
                run.ending = Ending.FINISHED;
            }
        } catch (Throwable e) {
            run.call.fail(e);
        }
    }
}
