package dev.paraflux.method.core;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.RowProgram;
import dev.paraflux.method.Method;
import dev.paraflux.method.Problem;
import dev.paraflux.method.Round;
import dev.paraflux.method.Solve;
import dev.paraflux.method.Work;
import dev.paraflux.solver.TriangularSystem;
import java.util.Arrays;
import java.util.List;

/**
 * One sample's cores at work, an event queue: in every round each core whose row is known is evaluated, and then whatever
 * has become known is done. A core leaves a row once every dependent has read it; it waits only where it is
 * to be corrected. The answers are the cores that arrive at the sample, the last core first; core 0 is exact.
 *
 * <p>All of a round is written down at once, as if no answer were near enough to the one before it. Then the answers are
 * judged in their order: the first one that is near enough is the last, and what was computed after it is left unread.
 */
final class CoreSolve implements Solve {
    private final CoreMemory memory;
    private final CorePlan plan;
    private final CoreRule rule;
    private final TriangularSystem system;
    private final int sample;
    private final Core[] cores;
    /** The last checkpoint that a core has passed or stands at. */
    private final int[] checkpoint;
    /** Whether a core's coarse step from that checkpoint is known, ... */
    private final boolean[] jumped;
    /** ... and whether it has been taken from that of the core before, so that it is now what corrects the core. */
    private final boolean[] relayed;
    /** Where a predictor's row was corrected, and its corrector's row is next. */
    private final boolean[] halfway;
    private final Answers answers;
    /** Of the cores; before a sample begins, core 0 stands at the start noise. */
    private int launched = 1;
    private int finalRows;

    CoreSolve(CoreMemory memory, CorePlan plan, CoreRule rule, int sample) {
        this.memory = memory;
        this.plan = plan;
        this.rule = rule;
        this.sample = sample;
        system = memory.problem.system();
        cores = new Core[plan.cores()];
        for (int c = 0; c < cores.length; c++) {
            cores[c] = new Core(memory, sample, c);
        }
        checkpoint = new int[cores.length];
        jumped = new boolean[cores.length];
        relayed = new boolean[cores.length];
        halfway = new boolean[cores.length];
        answers = new Answers(rule, memory.problem.dim(), cores.length);
    }

    /** The memory of such solves; or where no row is a step to refine, of forward substitution. */
    static Method.Workspace allocate(Problem problem, CorePlan plan, CoreRule rule) {
        if (plan.checkpoint(0, 0) == problem.system().rows()) {
            return new Sequential().allocate(problem);
        }
        return new CoreMemory(problem, plan.cores(), (memory, sample) -> new CoreSolve(memory, plan, rule, sample));
    }

    @Override
    public void restart(Work work, double rounding) {
        Arrays.fill(jumped, false);
        Arrays.fill(relayed, false);
        Arrays.fill(halfway, false);
        answers.clear(rounding);
        launched = 0;
        launch();
        compute(work);
        finalRows = cores[0].row();
    }

    private void launch() {
        cores[launched].start(plan.start(launched));
        checkpoint[launched] = plan.start(launched) == plan.checkpoint(launched, 0) ? 0 : -1;
        launched++;
    }

    @Override
    public void request(Round round) {
        for (int c = 0; c < launched; c++) {
            if (!awaitsCorrection(c) && cores[c].awaitsEvaluation()) {
                cores[c].request(round);
            }
        }
    }

    /** In passes: corrections, then answers, then moves and coarse steps, until a pass makes none of these. */
    @Override
    public void compute(Work work) {
        RowProgram rows = work.rows();
        int before;
        do {
            correct(rows);
            answer(work);
            before = rows.rows();
            for (int c = 0; c < launched && !answers.over(); c++) {
                if (cores[c].done() || awaitsCorrection(c) || cores[c].awaitsEvaluation()) {
                    continue;
                }
                if (!serve(c, rows) && mayLeave(c)) {
                    cores[c].move(rows);
                }
            }
        } while (rows.rows() > before);
    }

    private boolean atNextCheckpoint(int c) {
        return cores[c].row() == plan.checkpoint(c, checkpoint[c] + 1);
    }

    /** Where a corrector is not evaluated, its predictor is to be right before it is. */
    private boolean atNextPredictor(int c) {
        return cores[c].row() == plan.predictor(c, checkpoint[c] + 1);
    }

    /** Whether a core stands at a checkpoint, or at its predictor, and has yet to be corrected there. */
    private boolean awaitsCorrection(int c) {
        return c > 0 && (atNextCheckpoint(c) || atNextPredictor(c) && !halfway[c]);
    }

    /** Equation (2) for the cores that can be corrected, but for answers, which are measured as well. */
    private void correct(RowProgram rows) {
        for (int c = 0; c < launched; c++) {
            if (c > 0 && (!awaitsCorrection(c) || !relayed[c] || cores[c].done())) {
                continue;
            }
            if (c > 0) {
                addCorrection(c, rows.into(memory.states, cores[c].stateRow()));
                halfway[c] = !atNextCheckpoint(c);
            }
            if (atNextCheckpoint(c)) {
                checkpoint[c]++;
                jumped[c] = false;
                relayed[c] = false;
            }
        }
    }

    private void addCorrection(int c, RowProgram rows) {
        rows.plus(1, memory.coarse, memory.lane(sample, c)).plus(1, memory.states, cores[c].stateRow());
    }

    /** Takes the answers there are: each core in its turn, and core 0 out of turn. */
    private void answer(Work work) {
        while (!answers.over() && arrived(ofAnswer(answers.taken() + 1))) {
            take(ofAnswer(answers.taken() + 1), work);
        }
        if (!answers.over() && cores[0].done()) {
            take(0, work);
        }
    }

    /** The core that gives an answer, the first one farthest on. */
    private int ofAnswer(int number) {
        return cores.length - number;
    }

    private boolean arrived(int c) {
        return c < launched && cores[c].done() && (!awaitsCorrection(c) || relayed[c]);
    }

    private void take(int c, Work work) {
        int row = cores[c].stateRow();
        work.rows().into(memory.states, row);
        if (awaitsCorrection(c)) {
            addCorrection(c, work.rows());
            checkpoint[c]++;
        } else {
            work.rows().plus(1, memory.states, row);
        }
        int rowBefore = answers.taken() == 0 ? row : cores[ofAnswer(answers.taken())].stateRow();
        answers.take(work, cores.length - c, memory.states, row, rowBefore, cores[0].row());
    }

    @Override
    public void judge(Work work) {
        answers.judge(work);
        finalRows = finished() ? answers.finalRows() : cores[0].row();
    }

    /** Writes down what is wanted of a core where it stands; false if nothing is. */
    private boolean serve(int c, RowProgram rows) {
        Core core = cores[c];
        int row = core.row();
        int at = checkpoint[c];
        boolean served = false;
        if (c + 1 == launched && launched < cores.length && row == plan.checkpoint(c, 0)) {
            cores[launched].start(plan.start(launched));
            jump(core, plan.launches()[launched], rows, memory.states, cores[launched].stateRow(), false);
            launch();
            served = true;
        } else if (c + 1 < launched && row == plan.checkpoint(c + 1, checkpoint[c + 1])
                && plan.checkpoint(c + 1, checkpoint[c + 1] + 1) >= 0 && !relayed[c + 1]) {
            // Until the next core has made its own jump from here, this one holds.
            if (jumped[c + 1]) {
                jump(core, plan.jumps()[c + 1][checkpoint[c + 1]], rows, memory.coarse, memory.lane(sample, c + 1),
                        true);
                relayed[c + 1] = true;
            }
            served = true;
        }
        if (c > 0 && !jumped[c] && row == plan.checkpoint(c, at) && plan.checkpoint(c, at + 1) >= 0) {
            jump(core, plan.jumps()[c][at], rows, memory.coarse, memory.lane(sample, c), false);
            jumped[c] = true;
            served = true;
        }
        return served;
    }

    private void jump(Core from, Jump jump, RowProgram rows, Buffer into, int row, boolean less) {
        jump.from(from, memory.predictions, rows, into, row, less);
    }

    private boolean mayLeave(int c) {
        return cores[c].row() != plan.checkpoint(c, checkpoint[c]) || rule.mayPass(checkpoint[c], answers.taken());
    }

    /** Of the exact core, and of no other that stands at its row with a guess. */
    @Override
    public boolean isFinal(int row, int predictionRow) {
        return predictionRow == memory.predictionRow(memory.lane(sample, 0), row);
    }

    @Override
    public boolean finished() {
        return answers.finished();
    }

    /** Core 0 has answered: its bits, whatever the tolerance. */
    @Override
    public boolean exact() {
        return answers.exact();
    }

    @Override
    public boolean converged() {
        return answers.converged();
    }

    @Override
    public boolean hasAnswer() {
        return answers.judged() > 0;
    }

    /** Those that core 0 has passed; the others guess. */
    @Override
    public int finalRows() {
        return finalRows;
    }

    @Override
    public int answers() {
        return answers.judged();
    }

    @Override
    public List<Double> changes() {
        return answers.changes();
    }

    @Override
    public Buffer result() {
        return shown().states();
    }

    @Override
    public int resultRow() {
        return shown().stateRow();
    }

    /** Before the first answer the core farthest on. */
    private Core shown() {
        return cores[answers.judged() == 0 ? launched - 1 : ofAnswer(answers.judged())];
    }
}
