package dev.paraflux.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** What {@link Line} promises when two threads meet in it. */
public final class LineStress {
    private LineStress() {}

    /** A line, and how often a worker was asked for. */
    static class Lined {
        final AtomicInteger workers = new AtomicInteger();
        final Line line = new Line(new Places(2), 8, workers::incrementAndGet);
        final List<Run> joining = new ArrayList<>();

        /** Leads, as a caller or a worker, until what is own is over, or there is nothing to do. */
        final void lead(StressCall own) {
            while (line.admit(own, joining)) {
                List<Run> active = new ArrayList<>(joining);
                joining.clear();
                for (Run run : active) {
                    ((StressCall) run.call).isOver(line.left(run.call));
                }
            }
            line.leaveLead();
            line.wakeNext();
        }

        /** As a worker, whatever is left to do. */
        final void leadTheRest() {
            while (line.takeLeadForUnattended()) {
                lead(null);
            }
        }
    }

    /** Of two callers one leads. */
    @JCStressTest
    @Outcome(id = {"1, 0", "0, 1"}, expect = Expect.ACCEPTABLE, desc = "one leads")
    @Outcome(expect = Expect.FORBIDDEN, desc = "none, or both")
    @State
    public static class TwoTakeTheLead extends Lined {
        public TwoTakeTheLead() {
            line.enter(new StressCall(1));
        }

        @Actor
        public void one(II_Result r) {
            r.r1 = line.takeLead() ? 1 : 0;
        }

        @Actor
        public void other(II_Result r) {
            r.r2 = line.takeLead() ? 1 : 0;
        }
    }

    /** A call of five runs, of which two at a time have a place, is withdrawn while its runs join and leave. */
    @JCStressTest
    @Outcome(id = "1, 5, 1", expect = Expect.ACCEPTABLE, desc = "over once, all runs ended, nobody is here")
    @Outcome(expect = Expect.FORBIDDEN, desc = "over twice or never, or a run is lost")
    @State
    public static class WithdrawAgainstLead extends Lined {
        private final StressCall call = new StressCall(5);

        public WithdrawAgainstLead() {
            line.enter(call);
        }

        @Actor
        public void leader() {
            leadTheRest();
        }

        @Actor
        public void canceller() {
            call.stop();
            call.isOver(line.withdraw(call));
        }

        @Arbiter
        public void end(III_Result r) {
            leadTheRest();
            r.r1 = call.timesOver();
            r.r2 = call.ended;
            r.r3 = line.isEmpty() ? 1 : 0;
        }
    }

    /** A listener comes back while the run of its failed call leaves; then others find something to do. */
    @JCStressTest
    @Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "over once; the next call is led and over")
    @Outcome(expect = Expect.FORBIDDEN, desc = "over twice or never, or the count of those who sit out is wrong")
    @State
    public static class ListenerAgainstEnd extends Lined {
        private final StressCall call = new StressCall(1);

        public ListenerAgainstEnd() {
            line.enter(call);
            line.takeLeadForUnattended();
            line.admit(null, joining);
            joining.clear();
            line.beginListening(call);
        }

        @Actor
        public void listener() {
            call.isOver(line.endListening(call));
        }

        @Actor
        public void leader() {
            call.isOver(line.left(call));
        }

        @Arbiter
        public void end(III_Result r) {
            line.leaveLead();
            StressCall next = new StressCall(1);
            line.enter(next);
            leadTheRest();
            r.r1 = call.timesOver();
            r.r2 = next.timesOver();
            r.r3 = line.isEmpty() ? 1 : 0;
        }
    }

    /** A caller's lead ends while a call comes that nobody waits for: exactly one worker begins. */
    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "one worker")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a call that nobody leads, or two workers")
    @State
    public static class UnattendedAgainstLeave extends Lined {
        @Actor
        public void caller() {
            StressCall own = new StressCall(1).waitedFor();
            line.enter(own);
            while (!own.done) {
                if (line.takeLead()) {
                    lead(own);
                }
            }
            line.wakeNext();
        }

        @Actor
        public void begins() {
            line.enter(new StressCall(3));
            line.wakeNext();
        }

        @Arbiter
        public void end(I_Result r) {
            // Where the caller led the other call to its end as well none was needed: ask once more, as a worker would.
            r.r1 = line.isEmpty() ? 1 : workers.get();
        }
    }

    /** Two callers wait for each other's lead to end: neither sleeps for ever. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "both are done")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a wake-up was lost")
    @State
    public static class TwoCallers extends Lined {
        private static final long PATIENCE_NANOS = 10_000_000_000L;

        private int draw() {
            StressCall own = new StressCall(2).waitedFor();
            line.enter(own);
            long end = System.nanoTime() + PATIENCE_NANOS;
            while (!own.done) {
                if (line.takeLead()) {
                    lead(own);
                } else if (System.nanoTime() > end) {
                    return 0;
                } else if (!own.done) {
                    LockSupport.parkNanos(this, PATIENCE_NANOS);
                }
            }
            line.wakeNext();
            return System.nanoTime() > end ? 0 : 1;
        }

        @Actor
        public void one(II_Result r) {
            r.r1 = draw();
        }

        @Actor
        public void other(II_Result r) {
            r.r2 = draw();
        }
    }

    /** A call comes while the line is closed: it is refused, or ended. */
    @JCStressTest
    @Outcome(id = "0, 0, 1", expect = Expect.ACCEPTABLE, desc = "refused")
    @Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "ended by the close")
    @Outcome(expect = Expect.FORBIDDEN, desc = "left behind, or ended twice")
    @State
    public static class EnterAgainstClose extends Lined {
        private final StressCall call = new StressCall(2);

        @Actor
        public void enters(III_Result r) {
            try {
                line.enter(call);
                r.r1 = 1;
            } catch (IllegalStateException e) {
                r.r1 = 0;
            }
        }

        @Actor
        public void closes() {
            line.refuseCalls();
            for (Call each : line.giveUpAll()) {
                ((StressCall) each).isOver(line.withdraw(each));
            }
        }

        @Arbiter
        public void end(III_Result r) {
            r.r2 = call.timesOver();
            r.r3 = line.isEmpty() ? 1 : 0;
        }
    }
}
