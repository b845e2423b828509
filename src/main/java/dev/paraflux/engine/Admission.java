package dev.paraflux.engine;

import dev.paraflux.method.Work;
import dev.paraflux.model.Denoiser;
import java.util.List;

/** Takes runs in: a slot, their start rows, and what follows from these. For the thread that leads. */
final class Admission implements AutoCloseable {
    private final Denoiser denoiser;
    private final Stocks stocks;
    private final Work work;

    /** @param stocks are closed with this */
    Admission(Denoiser denoiser, Stocks stocks, Work work) {
        this.denoiser = denoiser;
        this.stocks = stocks;
        this.work = work;
    }

    /**
     * Puts runs among those that are active. What they fail with is their call's.
     *
     * @param active runs in slots, in the order of their memory
     */
    void admit(List<Run> joining, List<Run> active) {
        long now = System.nanoTime();
        for (int i = 0; i < joining.size(); i++) {
            Run run = joining.get(i);
            try {
                if (i == 0 || joining.get(i - 1).plan() != run.plan()) {
                    stocks.reserve(run.plan(), samePlanFrom(joining, i));
                }
                stocks.of(run.plan()).place(run, now);
            } catch (Throwable e) {
                run.call.fail(e);
            }
            insert(run, active);
        }
        for (int i = 0; i < joining.size(); i++) {
            begin(joining.get(i));
        }
    }

    private static int samePlanFrom(List<Run> joining, int first) {
        int next = first;
        while (next < joining.size() && joining.get(next).plan() == joining.get(first).plan()) {
            next++;
        }
        return next - first;
    }

    /** In the order of blocks and slots, so that what lies side by side is evaluated side by side. */
    private static void insert(Run run, List<Run> active) {
        int place = active.size();
        while (place > 0 && liesBefore(run, active.get(place - 1))) {
            place--;
        }
        active.add(place, run);
    }

    private static boolean liesBefore(Run a, Run b) {
        if (a.block == null || b.block == null) {
            return false;
        }
        return a.block == b.block ? a.slot < b.slot : a.block.number() < b.block.number();
    }

    private void begin(Run run) {
        if (run.call.failed()) {
            return;
        }
        try {
            run.write(run.block.problem(), run.slot, work);
            run.solve().restart(work);
            if (run.solve().finished()) {
                run.ending = Ending.FINISHED;
            }
        } catch (Throwable e) {
            run.call.fail(e);
        }
    }

    /** Makes memory for runs like these at once, and has the model prepare itself for so many rows. */
    void prepare(List<Run> runs, int rows) {
        for (int i = 0; i < runs.size(); i++) {
            stocks.reserve(runs.get(i).plan(), samePlanFrom(runs, i));
        }
        denoiser.prepare(rows);
    }

    @Override
    public void close() {
        stocks.close();
    }
}
