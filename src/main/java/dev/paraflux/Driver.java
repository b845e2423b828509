package dev.paraflux;

import dev.paraflux.device.Resources;
import dev.paraflux.device.RowTable;
import dev.paraflux.method.Method;
import dev.paraflux.method.Problem;
import dev.paraflux.method.Round;
import dev.paraflux.method.Solve;
import dev.paraflux.method.Trajectory;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Denoiser;
import dev.paraflux.solver.TriangularSystem;
import java.util.List;
import java.util.Locale;

/**
 * The loop, for every method: rounds of all samples in one batch, each sample ending on its own; cancellation, deadline,
 * checks for values that are not finite, progress and statistics. Its memory serves one number of samples, and is reused
 * from run to run.
 */
final class Driver implements AutoCloseable {
    private final Problem problem;
    private final TriangularSystem system;
    private final Denoiser denoiser;
    private final Method.Workspace workspace;
    private final Evaluator evaluator;
    private final NoiseRows noise;
    private final Solve[] solves;
    private final Condition[] conditions;
    private final Sample[] results;
    private final int[] rounds;
    private final int[] evaluations;
    private final int[] modelRows;
    private final Round round = new Round();
    private final Resources resources;
    private final RowTable table;
    private final Progress progress;
    private int roundNumber;
    private int totalEvaluations;
    private int active;
    private boolean keepTrajectories;
    private RunLimits limits;
    private double queuedSeconds;
    private double preparedSeconds;
    private long modelNanos;

    /** Takes over the workspace and the resources, the problem's buffers among them, and closes them when it is closed. */
    Driver(Problem problem, Method.Workspace workspace, Resources resources, Denoiser denoiser, int maxBatch) {
        this.problem = problem;
        this.workspace = workspace;
        this.system = problem.system();
        this.denoiser = denoiser;
        int samples = problem.samples();
        noise = new NoiseRows(problem);
        this.resources = resources;
        table = resources.add(new RowTable());
        evaluator = new Evaluator(denoiser, system, problem.device(), maxBatch, resources);
        solves = new Solve[samples];
        for (int s = 0; s < samples; s++) {
            solves[s] = workspace.solve(s);
        }
        progress = new Progress(solves);
        conditions = new Condition[samples];
        results = new Sample[samples];
        rounds = new int[samples];
        evaluations = new int[samples];
        modelRows = new int[samples];
    }

    int samples() {
        return problem.samples();
    }

    /**
     * Draws one sample for each request, as many as the memory was made for.
     *
     * @param runLimits       stop the run; their clock is the run's
     * @param queued          seconds that the run has waited for others
     * @param prepared        seconds that the model took to prepare itself for this run
     */
    List<Sample> run(List<Request> requests, RunOptions options, RunLimits runLimits, double queued, double prepared) {
        keepTrajectories = options.keepTrajectories();
        limits = runLimits;
        queuedSeconds = queued;
        preparedSeconds = prepared;
        begin(requests);
        // The rows that no evaluation stands before.
        advance();
        while (active > 0) {
            round.clear();
            for (int s = 0; s < solves.length; s++) {
                if (results[s] == null) {
                    round.begin(s);
                    solves[s].request(round);
                    rounds[s]++;
                }
            }
            roundNumber++;
            if (!evaluate()) {
                break;
            }
            endNonFinite();
            advance();
            report(options.listener());
            endAccepted();
        }
        return List.of(results);
    }

    private void begin(List<Request> requests) {
        roundNumber = 0;
        totalEvaluations = 0;
        modelNanos = 0;
        active = solves.length;
        progress.begin();
        for (int s = 0; s < solves.length; s++) {
            Request request = requests.get(s);
            conditions[s] = request.condition();
            results[s] = null;
            rounds[s] = 0;
            evaluations[s] = 0;
            modelRows[s] = 0;
            noise.write(s, request);
            solves[s].restart();
        }
    }

    /** Evaluates the round; false if the run was stopped instead. */
    private boolean evaluate() {
        for (int first = 0; first < round.size();) {
            Status stop = limits.stop();
            if (stop != null) {
                endAll(stop);
                return false;
            }
            long before = System.nanoTime();
            int count = evaluator.evaluate(round, first, conditions);
            modelNanos += System.nanoTime() - before;
            for (int i = first; i < first + count; i++) {
                evaluations[round.sample(i)]++;
                modelRows[round.sample(i)] += denoiser.rowsPerEvaluation(system.level(round.row(i)));
            }
            totalEvaluations += count;
            first += count;
        }
        return true;
    }

    /** A sum of squares is finite if and only if every value of the row is. */
    private void endNonFinite() {
        table.clear();
        for (int i = 0; i < round.size(); i++) {
            table.row().plus(1, round.predictions(i), round.predictionRow(i));
        }
        table.norms();
        for (int i = 0; i < round.size(); i++) {
            int sample = round.sample(i);
            boolean finite = Double.isFinite(table.sum(i));
            // At a row that is still under way it may be the fault of the state there, which the method will mend.
            if (!finite && results[sample] == null && solves[sample].isFinal(round.row(i), round.predictionRow(i))) {
                endNonFinite(sample, round.row(i));
            }
        }
    }

    private void endNonFinite(int s, int row) {
        end(s, Status.NON_FINITE, "in round " + roundNumber + ", at row " + row + " (time " + system.level(row).time()
                + "): " + Status.NON_FINITE.advice(), null);
    }

    private void advance() {
        do {
            table.clear();
            for (int s = 0; s < solves.length; s++) {
                if (results[s] == null) {
                    solves[s].advance(table);
                }
            }
            table.update();
        } while (table.rows() > 0);
        for (int s = 0; s < solves.length; s++) {
            if (results[s] == null && solves[s].finished()) {
                complete(s);
            }
        }
    }

    private void complete(int s) {
        Solve solve = solves[s];
        Status status = solve.exact() ? Status.COMPLETED : solve.converged() ? Status.CONVERGED : Status.ROUND_LIMIT;
        end(s, status, solve.hasAnswer() ? status.advice()
                : status.advice() + "; the values are those of a row before the last one, which still has noise in it");
    }

    private void endAccepted() {
        for (int s = 0; s < solves.length; s++) {
            if (results[s] == null && progress.accepted(s)) {
                end(s, Status.ACCEPTED, Status.ACCEPTED.advice());
            }
        }
    }

    /** Finite predictions can still add up to more than a float holds; no later prediction would show it in the last row. */
    private void end(int s, Status status, String message) {
        float[] values = finiteValues(s);
        if (values == null) {
            endNonFinite(s, system.rows());
        } else {
            end(s, status, message, values);
        }
    }

    /** Null if not all of them are. */
    private float[] finiteValues(int s) {
        float[] values = new float[problem.dim()];
        solves[s].result().read(solves[s].resultRow(), values);
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return null;
            }
        }
        return values;
    }

    /** An answer under way that is not finite might have been mended: the stop is still what ended the sample. */
    private void endAll(Status status) {
        for (int s = 0; s < solves.length; s++) {
            if (results[s] == null) {
                // The round that was stopped is not counted: its answers were not used.
                rounds[s]--;
                float[] values = solves[s].hasAnswer() ? finiteValues(s) : null;
                String message = "in round " + roundNumber + ", with " + reached(solves[s]) + ": " + status.advice();
                end(s, status, values == null ? message : message + "; the values are what was reached", values);
            }
        }
    }

    /** How far a sample is, in words. */
    private String reached(Solve solve) {
        StringBuilder text = new StringBuilder();
        text.append(solve.finalRows()).append(" of ").append(system.rows()).append(" rows final");
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

    private void end(int s, Status status, String message, float[] values) {
        Stats stats = new Stats(rounds[s], evaluations[s], modelRows[s], solves[s].finalRows(), solves[s].residual(),
                solves[s].updates(), solves[s].changes(), limits.seconds(), queuedSeconds,
                preparedSeconds + modelNanos * 1e-9);
        Trajectory trajectory = keepTrajectories && values != null ? solves[s].trajectory() : null;
        results[s] = new Sample(values, status, message, stats, trajectory);
        active--;
    }

    private void report(ProgressListener listener) {
        int finalRows = 0;
        for (Solve solve : solves) {
            finalRows += solve.finalRows();
        }
        progress.update(roundNumber, totalEvaluations, finalRows, solves.length * system.rows());
        listener.onRound(progress);
    }

    @Override
    public void close() {
        workspace.close();
        resources.close();
    }
}
