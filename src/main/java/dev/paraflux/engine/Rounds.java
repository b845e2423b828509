package dev.paraflux.engine;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.Device;
import dev.paraflux.device.Lifetime;
import dev.paraflux.device.Queue;
import dev.paraflux.device.RowProgram;
import dev.paraflux.method.Round;
import dev.paraflux.method.Work;
import dev.paraflux.model.Denoiser;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The round, of all runs in slots together:
 *
 * <pre>
 * each run names rows to evaluate           Solve.request
 * the model evaluates them, in batches      (rows gathered, where they do not lie side by side)
 * each run writes, says what to measure     Solve.compute
 *   one call for all rows, one for all windows, ONE wait
 * each run reads the numbers and decides    Solve.judge
 *   one call for all small systems
 * each run writes what depends on them      Solve.advance
 * runs leave
 * </pre>
 *
 * <p>What is written last is computed together with what the next round gathers, unless a run leaves. For the thread that
 * leads.
 */
final class Rounds implements AutoCloseable {
    private final Admission admission;
    private final Queue queue;
    private final Queue peeking;
    private final Work work;
    private final RowProgram rows;
    private final Round round = new Round();
    private final Evaluator evaluator;
    private final FiniteChecks checks = new FiniteChecks();
    private final Meter meter;
    /** In slots, in the order of their memory. */
    private final List<Run> active = new ArrayList<>();
    private final List<Run> taking = new ArrayList<>();
    private final List<Run> leaving = new ArrayList<>();
    private final List<Call> ended = new ArrayList<>();
    /** What the last round took, and the one before it; 0 if nobody took part in one. */
    private long lastNanos;
    private long earlierNanos;
    private final Consumer<Run> compute;
    private final Consumer<Run> judge;
    private final Consumer<Run> advance = this::advance;

    Rounds(Denoiser denoiser, Device device, int maxBatch, int maxSamples, Meter meter, Lifetime owner) {
        this.meter = meter;
        queue = device.queue();
        peeking = device.queue();
        work = new Work(queue);
        rows = work.rows();
        compute = run -> run.solve().compute(work);
        judge = run -> run.solve().judge(work);
        evaluator = new Evaluator(denoiser, queue, rows, maxBatch, meter, owner);
        admission = new Admission(denoiser, new Stocks(device, denoiser.dim(), maxSamples, owner), work);
    }

    /** Takes runs in, which take part from the next round on. */
    void join(List<Run> joining) {
        admission.admit(joining, active);
    }

    /**
     * One round of all runs that have begun and do not sit out; or none, where some leave before it, who are not to wait
     * for the others' model call.
     *
     * @param told receives the calls whose listeners are to hear of it
     * @param own  the call of this thread, or null
     */
    void step(List<Call> told, Call own) {
        try {
            // The shorter one: a round that was held up by itself gives nobody the right to hold up the next one.
            admission.entrance().write(Math.min(lastNanos, earlierNanos));
            earlierNanos = lastNanos;
            lastNanos = 0;
            if (choose() && !taking.isEmpty()) {
                long begun = System.nanoTime();
                meter.beginRound();
                evaluate(told, own);
                compute();
                judge();
                advance();
                meter.endRound(taking.size(), round.size());
                lastNanos = System.nanoTime() - begun;
            }
        } catch (Throwable e) {
            // Nobody's in particular, so everybody's.
            active.forEach(run -> run.call.fail(e));
            work.clear();
        }
        leave();
        if (!told.isEmpty() && rows.rows() > 0) {
            showLast();
        }
    }

    /** A listener may want to see what was written last. */
    private void showLast() {
        try {
            computeRows();
            queue.await();
        } catch (Throwable e) {
            rows.clear();
            active.forEach(run -> run.call.fail(e));
        }
    }

    private void computeRows() {
        queue.run(rows);
        rows.clear();
    }

    /**
     * Who takes part: neither those whose call has failed, is stopped or sits out, nor those who are taken as they are.
     *
     * @return whether nobody leaves before the round
     */
    private boolean choose() {
        taking.clear();
        boolean allStay = true;
        for (int i = 0; i < active.size(); i++) {
            Run run = active.get(i);
            if (run.ending == null && run.begun && !run.call.listening) {
                if (run.isAccepted()) {
                    run.ending = Ending.ACCEPTED;
                } else if (run.call.stopped()) {
                    run.ending = Ending.STOPPED;
                } else {
                    taking.add(run);
                }
            }
            if (run.call.failed()) {
                run.ending = Ending.FAILED;
            }
            allStay &= run.ending == null;
        }
        return allStay;
    }

    private void evaluate(List<Call> told, Call own) {
        round.clear();
        for (int i = 0; i < taking.size(); i++) {
            Run run = taking.get(i);
            int named = round.size();
            round.begin(i);
            run.countRound();
            try {
                run.solve().request(round);
                run.named(round.size() - named);
            } catch (Throwable e) {
                round.truncate(named);
                run.fail(e);
            }
        }
        long modelNanos = evaluator.evaluate(round, taking, own);
        for (int i = 0; i < taking.size(); i++) {
            Run run = taking.get(i);
            run.addModelNanos(modelNanos);
            if (run.ending == null && run.call.listens() && !run.call.reportDue) {
                run.call.reportDue = true;
                told.add(run.call);
            }
        }
    }

    /** The finite check of the predictions, and what the runs write and measure; then the wait. */
    private void compute() {
        checks.ask(round, taking, rows);
        askEach(compute);
        work.submit();
        queue.await();
        checks.judge(round, taking, rows);
    }

    private void judge() {
        askEach(judge);
        queue.weigh(work.windows());
    }

    private void advance() {
        rows.clear();
        askEach(advance);
        work.clearMeasures();
    }

    private void advance(Run run) {
        run.solve().advance(rows);
        if (run.solve().finished()) {
            run.ending = Ending.FINISHED;
        }
    }

    /** Asks every run that takes part and goes on. A method may fail, or a decoder: that is its call's, and is taken back. */
    private void askEach(Consumer<Run> question) {
        for (int i = 0; i < taking.size(); i++) {
            Run run = taking.get(i);
            if (run.ending == null) {
                work.mark();
                try {
                    question.accept(run);
                } catch (Throwable e) {
                    work.undo();
                    run.fail(e);
                }
            }
        }
    }

    /** Those with an ending go: what they hand over is read in one wait. */
    private void leave() {
        leaving.clear();
        for (int i = 0; i < active.size(); i++) {
            if (active.get(i).ending != null || active.get(i).call.failed()) {
                leaving.add(active.get(i));
            }
        }
        if (leaving.isEmpty()) {
            return;
        }
        active.removeAll(leaving);
        admission.entrance().leave(leaving);
        fetch();
        for (int i = 0; i < leaving.size(); i++) {
            Run run = leaving.get(i);
            if (run.call.failed()) {
                run.call.reportDue = false;
                run.ending = Ending.FAILED;
            }
            try {
                run.end(run.ending);
            } catch (Throwable e) {
                run.call.fail(e);
            }
            run.leave();
            ended.add(run.call);
        }
    }

    /** Into the caller's memory, perhaps, who may have done something to it meanwhile. */
    private void fetch(Run run) {
        try {
            run.fetch(run.ending, queue);
        } catch (Throwable e) {
            run.call.fail(e);
        }
    }

    private void fetch() {
        try {
            computeRows();
            for (int i = 0; i < leaving.size(); i++) {
                Run run = leaving.get(i);
                if (!run.call.failed() && run.ending != Ending.FAILED) {
                    fetch(run);
                }
            }
            queue.await();
        } catch (Throwable e) {
            rows.clear();
            leaving.forEach(run -> run.call.fail(e));
            active.forEach(run -> run.call.fail(e));
        }
    }

    /** Hands over the calls of the runs that have left, one for each run. */
    void takeEnded(Consumer<Call> receiver) {
        while (!ended.isEmpty()) {
            receiver.accept(ended.remove(ended.size() - 1));
        }
    }

    /** Makes memory for runs like these at once, and has the model prepare itself for so many rows. */
    void prepare(List<Run> runs, int mostRows) {
        admission.prepare(runs, mostRows);
        evaluator.makeRoom(mostRows);
    }

    void peek(Buffer buffer, int row, float[] into) {
        synchronized (peeking) {
            peeking.read(buffer, row, into, 0);
            peeking.await();
        }
    }

    @Override
    public void close() {
        admission.close();
        evaluator.close();
        queue.close();
        peeking.close();
    }
}
