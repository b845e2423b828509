package dev.paraflux.method;

import dev.paraflux.device.Buffer;
import dev.paraflux.device.RowTable;
import dev.paraflux.solver.TriangularSystem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One sample's cores at work, an event queue: in every round each core whose row is known is evaluated, and then whatever
 * has become known is done. A core leaves a row once every dependent has read it; it waits only where it is
 * to be corrected. The answers are the cores that arrive at the sample, the last core first; core 0 is exact.
 */
final class CoreSolve implements Solve {
    private final CoreWorkspace workspace;
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
    private final RowTable corrections;
    private final ChangeMeter meter;
    private final double[] changes;
    private int launched;
    private int answers;
    private int refinements;
    private int shown;

    CoreSolve(CoreWorkspace workspace, int sample) {
        this.workspace = workspace;
        this.sample = sample;
        memory = workspace.memory;
        plan = workspace.plan;
        rule = workspace.rule;
        system = memory.problem.system();
        cores = new Core[plan.cores()];
        for (int c = 0; c < cores.length; c++) {
            cores[c] = new Core(memory, sample, c);
        }
        checkpoint = new int[cores.length];
        jumped = new boolean[cores.length];
        relayed = new boolean[cores.length];
        halfway = new boolean[cores.length];
        changes = new double[cores.length - 1];
        corrections = memory.resources.add(new RowTable());
        meter = new ChangeMeter(rule.stop(), sample, memory.problem.dim(), memory.resources);
    }

    @Override
    public void restart() {
        Arrays.fill(jumped, false);
        Arrays.fill(relayed, false);
        Arrays.fill(halfway, false);
        launched = 0;
        answers = 0;
        refinements = 0;
        launch();
    }

    private void launch() {
        cores[launched].start(plan.start(launched));
        checkpoint[launched] = plan.start(launched) == plan.checkpoint(launched, 0) ? 0 : -1;
        shown = answers == 0 ? launched : shown;
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

    @Override
    public void advance(RowTable table) {
        if (finished()) {
            return;
        }
        correct();
        answer();
        for (int c = 0; c < launched && !finished(); c++) {
            if (cores[c].done() || awaitsCorrection(c) || cores[c].awaitsEvaluation()) {
                continue;
            }
            if (!serve(c, table) && mayLeave(c)) {
                cores[c].move(table);
            }
        }
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
    private void correct() {
        corrections.clear();
        for (int c = 0; c < launched; c++) {
            if (c > 0 && (!awaitsCorrection(c) || !relayed[c] || cores[c].done())) {
                continue;
            }
            if (c > 0) {
                addCorrection(c, corrections.into(memory.states, cores[c].stateRow()));
                halfway[c] = !atNextCheckpoint(c);
            }
            if (atNextCheckpoint(c)) {
                checkpoint[c]++;
                jumped[c] = false;
                relayed[c] = false;
            }
        }
        corrections.update();
    }

    private void addCorrection(int c, RowTable table) {
        table.plus(1, workspace.coarse, memory.lane(sample, c)).plus(1, memory.states, cores[c].stateRow());
    }

    /** Takes the answers there are: each core in its turn, and core 0 out of turn. */
    private void answer() {
        while (!finished() && arrived(cores.length - 1 - answers)) {
            take(cores.length - 1 - answers);
        }
        if (!finished() && cores[0].done()) {
            take(0);
        }
    }

    private boolean arrived(int c) {
        return c < launched && cores[c].done() && (!awaitsCorrection(c) || relayed[c]);
    }

    private void take(int c) {
        int row = cores[c].stateRow();
        RowTable table = meter.answer(memory.states, row);
        if (awaitsCorrection(c)) {
            addCorrection(c, table);
            checkpoint[c]++;
        } else {
            table.plus(1, memory.states, row);
        }
        if (answers == 0) {
            meter.first(memory.states, row);
        } else {
            changes[refinements] = meter.changeFrom(memory.states, cores[shown].stateRow(), memory.states, row,
                    refinements + 1);
            refinements++;
        }
        answers = cores.length - c;
        shown = c;
    }

    /** Adds to the table what is wanted of a core where it stands; false if nothing is. */
    private boolean serve(int c, RowTable table) {
        Core core = cores[c];
        int row = core.row();
        int at = checkpoint[c];
        boolean served = false;
        if (c + 1 == launched && launched < cores.length && row == plan.checkpoint(c, 0)) {
            cores[launched].start(plan.start(launched));
            jump(core, plan.launches()[launched], table, memory.states, cores[launched].stateRow(), false);
            launch();
            served = true;
        } else if (c + 1 < launched && row == plan.checkpoint(c + 1, checkpoint[c + 1])
                && plan.checkpoint(c + 1, checkpoint[c + 1] + 1) >= 0 && !relayed[c + 1]) {
            // Until the next core has made its own jump from here, this one holds.
            if (jumped[c + 1]) {
                jump(core, plan.jumps()[c + 1][checkpoint[c + 1]], table, workspace.coarse, memory.lane(sample, c + 1),
                        true);
                relayed[c + 1] = true;
            }
            served = true;
        }
        if (c > 0 && !jumped[c] && row == plan.checkpoint(c, at) && plan.checkpoint(c, at + 1) >= 0) {
            jump(core, plan.jumps()[c][at], table, workspace.coarse, memory.lane(sample, c), false);
            jumped[c] = true;
            served = true;
        }
        return served;
    }

    private void jump(Core from, Jump jump, RowTable table, Buffer into, int row, boolean less) {
        jump.from(from, memory.predictions, table, into, row, less);
    }

    private boolean mayLeave(int c) {
        return cores[c].row() != plan.checkpoint(c, checkpoint[c]) || rule.mayPass(checkpoint[c], answers);
    }

    /** Of the exact core, and of no other that stands at its row with a guess. */
    @Override
    public boolean isFinal(int row, int predictionRow) {
        return predictionRow == memory.predictionRow(memory.lane(sample, 0), row);
    }

    @Override
    public boolean finished() {
        return converged() || refinements >= rule.maxRefinements() && answers > 0;
    }

    /** Core 0 has answered: its bits, whatever the tolerance. */
    @Override
    public boolean exact() {
        return answers == cores.length;
    }

    @Override
    public boolean converged() {
        return exact() || refinements > 0 && changes[refinements - 1] < rule.stop().tolerance();
    }

    @Override
    public boolean hasAnswer() {
        return answers > 0;
    }

    /** Those that core 0 has passed; the others guess. */
    @Override
    public int finalRows() {
        return cores[0].row();
    }

    @Override
    public int answers() {
        return answers;
    }

    @Override
    public List<Double> changes() {
        List<Double> list = new ArrayList<>(refinements);
        for (int p = 0; p < refinements; p++) {
            list.add(changes[p]);
        }
        return List.copyOf(list);
    }

    @Override
    public Buffer result() {
        return cores[shown].states();
    }

    @Override
    public int resultRow() {
        return cores[shown].stateRow();
    }
}
