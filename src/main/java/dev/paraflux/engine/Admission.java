package dev.paraflux.engine;

import dev.paraflux.method.Work;
import dev.paraflux.model.Denoiser;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Takes runs in, and gives them slots. For the thread that leads. */
final class Admission implements AutoCloseable {
    private final Denoiser denoiser;
    private final Stocks stocks;
    private final Entrance entrance;

    /** @param stocks are closed with this */
    Admission(Denoiser denoiser, Stocks stocks, Work work) {
        this.denoiser = denoiser;
        this.stocks = stocks;
        entrance = new Entrance(denoiser, work);
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
                if (!run.call.failed()) {
                    reserve(joining, i);
                    stocks.of(run.plan()).place(run, now);
                }
            } catch (Throwable e) {
                run.call.fail(e);
            }
            insert(run, active);
        }
        for (int i = 0; i < joining.size(); i++) {
            entrance.enter(joining.get(i));
        }
    }

    /** Those that are in slots and do not take part yet. */
    Entrance entrance() {
        return entrance;
    }

    /**
     * Makes sure that the run has a slot: the first of its plan together with all that have the plan, so that they lie side
     * by side. Where there is no memory for these, with those of its call, which fails by its own number alone.
     */
    private void reserve(List<? extends Run> joining, int at) {
        Plan plan = joining.get(at).plan();
        if (at == 0 || joining.get(at - 1).plan() != plan && count(joining, 0, at, plan, null) == 0) {
            try {
                stocks.reserve(plan, count(joining, at, joining.size(), plan, null));
            } catch (OutOfMemoryError e) {
                // There may be enough for some of them.
            }
        }
        if (!stocks.of(plan).hasFree()) {
            stocks.reserve(plan, count(joining, at, joining.size(), plan, joining.get(at).call));
        }
    }

    /** Runs of a plan, and of a call unless that is null. */
    private static int count(List<? extends Run> runs, int from, int to, Plan plan, Call call) {
        int count = 0;
        for (int i = from; i < to; i++) {
            Run run = runs.get(i);
            count += run.plan() == plan && (call == null || run.call == call) ? 1 : 0;
        }
        return count;
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

    /** Makes memory for runs like these at once, and has the model prepare itself for so many rows. */
    void prepare(List<Run> runs, int rows) {
        Map<Plan, Integer> slots = new LinkedHashMap<>();
        runs.forEach(run -> slots.merge(run.plan(), 1, Integer::sum));
        slots.forEach(stocks::reserve);
        denoiser.prepare(rows);
    }

    @Override
    public void close() {
        stocks.close();
    }
}
