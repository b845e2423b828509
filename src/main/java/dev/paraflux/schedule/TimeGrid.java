package dev.paraflux.schedule;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The noise levels a sample passes through: row 0 the noisiest, row N the sample.
 *
 * <p>The model is evaluated at rows 0 to N - 1; row N's time is never used.
 *
 * @param levels     N + 1 levels, 2 or more. Their log signal-to-noise ratio never falls, though neighbours may be equal
 *                   ({@link NoiseLevel#sameAs}); sigma is above 0 in all rows but the last
 * @param path       the line that they were taken from
 * @param ends       the levels that the N steps end at: those of rows 1 to N, but where a sampler steps to one level and
 *                   evaluates its next row as if it were at another, as diffusers' DDIM does where N does not divide T
 * @param startScale what start noise is multiplied by, above 0, finite: {@link NoiseLevel#startScale} of row 0, but where a
 *                   scheduler says otherwise
 * @param skipped    how many rows of a longer grid are left out in front, 0 or more
 */
public record TimeGrid(List<NoiseLevel> levels, NoisePath path, List<NoiseLevel> ends, double startScale,
        int skipped) {
    /** Far above what a path's own arithmetic rounds by: from alpha-bar it is much, where little noise is left. */
    private static final double SAME_RATIO = 1e-2;

    /** Copies and checks the levels. */
    public TimeGrid {
        levels = List.copyOf(levels);
        ends = List.copyOf(ends);
        Objects.requireNonNull(path, "path");
        Require.positive("startScale", startScale);
        Require.atLeast(0, "skipped", skipped);
        if (levels.size() < 2) {
            throw new IllegalValueException("levels of a grid", levels.size(), "2 or more");
        }
        for (int i = 0; i < levels.size(); i++) {
            NoiseLevel level = levels.get(i);
            if (level.sigma() == 0 && i < levels.size() - 1) {
                throw new IllegalValueException("sigma of row " + i, level.sigma(), "above 0 in all rows but the last");
            }
            if (i > 0 && level.noisierThan(levels.get(i - 1))) {
                throw new IllegalValueException("log-SNR of row " + i, level.logSnr(),
                        "no lower than that of the row before, which is " + levels.get(i - 1).logSnr());
            }
        }
        Require.length(levels.size() - 1, "ends", ends.size());
        for (int i = 1; i < levels.size(); i++) {
            NoiseLevel end = ends.get(i - 1);
            Require.that(!end.noisierThan(levels.get(i - 1)), "end of step " + i, end,
                    "no noisier than its start, " + levels.get(i - 1));
        }
    }

    /** Steps that end elsewhere than their next row; start noise has the scale of row 0. */
    public TimeGrid(List<NoiseLevel> levels, NoisePath path, List<NoiseLevel> ends) {
        this(levels, path, ends, levels.isEmpty() ? 1 : levels.get(0).startScale(), 0);
    }

    /** Levels of a path: steps go from row to row, and start noise has the scale of row 0. */
    public TimeGrid(List<NoiseLevel> levels, NoisePath path) {
        this(levels, path, levels.isEmpty() ? levels : levels.subList(1, levels.size()));
    }

    /** Levels of which nothing else is known: what lies between rows is interpolated. */
    public TimeGrid(List<NoiseLevel> levels) {
        this(levels, new InterpolatedPath(List.copyOf(levels)));
    }

    /**
     * The grid of a schedule.
     *
     * <p>Every step goes from a time of the grid to the next. diffusers' DDIM goes from t to t - T / N rounded down,
     * which is another time where TRAILING or LINSPACE have T / N with a fraction, or where the offset exceeds it.
     *
     * @param schedule   of T training steps
     * @param steps      N, 1 to T
     * @param spacing    which training steps
     * @param offset     see {@link Spacing#times}
     * @param finalAlpha the noise left in the sample
     * @throws IllegalArgumentException naming the value outside its range
     */
    public static TimeGrid of(NoiseSchedule schedule, int steps, Spacing spacing, int offset, FinalAlpha finalAlpha) {
        List<NoiseLevel> levels = new ArrayList<>();
        for (int time : spacing.times(schedule.trainingSteps(), steps, offset)) {
            levels.add(schedule.level(time));
        }
        levels.add(switch (finalAlpha) {
            case ONE -> NoiseLevel.ofAlphaBar(0, 1);
            case FIRST -> schedule.level(0);
        });
        return new TimeGrid(levels, schedule);
    }

    /**
     * The grid of a schedule, with the noise ratios sigma / alpha of a spacing between those of the last and the first
     * training step; times lie between training steps. diffusers calls it {@code use_karras_sigmas},
     * {@code use_exponential_sigmas}, {@code use_beta_sigmas} and {@code use_lu_lambdas}; its multistep solvers round the times,
     * this does not.
     *
     * @param schedule   not one that ends in noise alone, whose largest ratio is infinite
     * @param steps      N, 1 or more
     * @param spacing    of the N ratios before the sample's
     * @param finalAlpha the noise left in the sample; with FIRST the smallest ratio is that of the sample itself
     * @throws IllegalArgumentException naming the value outside its range
     */
    public static TimeGrid of(NoiseSchedule schedule, int steps, SigmaSpacing spacing, FinalAlpha finalAlpha) {
        double sigmaMax = schedule.level(schedule.trainingSteps() - 1).ratio();
        double sigmaMin = schedule.level(0).ratio();
        StepMemory.require(steps);
        return switch (finalAlpha) {
            case ONE -> of(schedule, withZero(spacing.sigmas(steps, sigmaMin, sigmaMax)));
            case FIRST -> of(schedule, spacing.sigmas(steps + 1, sigmaMin, sigmaMax));
        };
    }

    /**
     * The grid of any ratios on a path.
     *
     * @param path   where the levels come from
     * @param ratios sigma / alpha of N + 1 rows, 2 or more, falling and finite, above 0 but for the last. 0 there stands
     *               for the sample itself, alpha 1 and time 0
     * @throws IllegalArgumentException naming the ratio outside its range
     */
    public static TimeGrid of(NoisePath path, double... ratios) {
        List<NoiseLevel> levels = new ArrayList<>();
        for (int i = 0; i < ratios.length; i++) {
            if (i > 0 && !(ratios[i] < ratios[i - 1])) {
                throw new IllegalValueException("sigma / alpha of row " + i, ratios[i],
                        "below that of the row before, which is " + ratios[i - 1]);
            }
            boolean sample = i > 0 && i == ratios.length - 1 && ratios[i] == 0;
            levels.add(sample ? NoiseLevel.ofAlphaBar(0, 1) : at(path, ratios[i]));
        }
        return new TimeGrid(levels, path);
    }

    /** A level of a path, which may be a user's own. */
    private static NoiseLevel at(NoisePath path, double ratio) {
        NoiseLevel level = path.at(ratio);
        if (level == null || !(Math.abs(level.ratio() - ratio) <= SAME_RATIO * ratio)) {
            throw new IllegalValueException("level of the path at sigma / alpha " + ratio, level,
                    "one of this sigma / alpha");
        }
        return level;
    }

    /**
     * The grid of EDM: alpha = 1, N sigmas in Karras' spacing and 0 after them, times log(sigma) / 4 (arXiv 2206.00364,
     * equation 5 and table 1). The authors take 0.002, 80 and {@link SigmaSpacing#KARRAS_RHO}; 18 steps for CIFAR-10.
     *
     * @param steps    N, 1 or more
     * @param sigmaMin above 0
     * @param sigmaMax above sigmaMin, finite
     * @param rho      above 0, finite
     * @throws IllegalArgumentException naming the value outside its range
     */
    public static TimeGrid edm(int steps, double sigmaMin, double sigmaMax, double rho) {
        StepMemory.require(steps);
        return of(NoisePath.edm(), withZero(SigmaSpacing.karras(rho).sigmas(steps, sigmaMin, sigmaMax)));
    }

    /** The grid of flow matching with the times of diffusers, 1000 tau: {@link #flow(int, double, double)}. */
    public static TimeGrid flow(int steps, double shift) {
        return flow(steps, shift, FlowPath.DIFFUSERS_TIME_SCALE);
    }

    /**
     * The grid of flow matching: levels (1 - tau', tau') with tau' = shift tau / (1 + (shift - 1) tau) and tau from 1 to
     * 0 in equal distances. A shift above 1 spends more steps where there is much noise, as large pictures want it
     * (Esser et al., arXiv 2403.03206, equation 23).
     *
     * @param steps     N, 1 or more
     * @param shift     above 0, finite: 1 for none, 3 for Stable Diffusion 3
     * @param timeScale above 0, finite: the model is given timeScale tau'
     * @throws IllegalArgumentException naming the value outside its range
     */
    public static TimeGrid flow(int steps, double shift, double timeScale) {
        FlowPath path = new FlowPath(timeScale);
        return new TimeGrid(path.levels(steps, shift), path);
    }

    private static double[] withZero(double[] ratios) {
        return Arrays.copyOf(ratios, ratios.length + 1);
    }

    /**
     * The same grid with every step cut into so many: what lies between two rows is taken from the path, in equal distances
     * of the angle atan(sigma / alpha), which is finite at both ends, from noise alone to the sample itself.
     *
     * @param parts 1 (the same grid) or more
     * @throws IllegalArgumentException if it is outside, or all these steps are more than Java's heap can hold
     */
    public TimeGrid refined(int parts) {
        Require.atLeast(1, "parts of a step", parts);
        StepMemory.require((long) steps() * parts);
        List<NoiseLevel> fine = new ArrayList<>();
        for (int i = 0; i < steps(); i++) {
            boolean still = level(i).sameAs(end(i + 1));
            fine.add(level(i));
            double from = Math.atan2(level(i).sigma(), level(i).alpha());
            double to = Math.atan2(end(i + 1).sigma(), end(i + 1).alpha());
            for (int part = 1; part < parts; part++) {
                fine.add(still ? level(i) : at(path, Math.tan(from + (to - from) * part / parts)));
            }
        }
        fine.add(level(steps()));
        List<NoiseLevel> fineTargets = new ArrayList<>(fine.subList(1, fine.size()));
        for (int i = 1; i <= steps(); i++) {
            fineTargets.set(i * parts - 1, end(i));
        }
        return new TimeGrid(fine, path, fineTargets, startScale, skipped * parts);
    }

    /**
     * The same grid without its first rows: where sampling starts from an image instead of from noise.
     *
     * @param row the row to begin with, 0 to N - 1
     * @throws IllegalArgumentException if it is outside
     */
    public TimeGrid from(int row) {
        Require.between(0, steps() - 1, "first row", row);
        return row == 0 ? this : new TimeGrid(levels.subList(row, levels.size()), path,
                ends.subList(row, ends.size()), level(row).startScale(), skipped + row);
    }

    /**
     * The end of the grid that changes an image so much, as diffusers' pipelines count it: of N steps the last
     * int(N strength), where int cuts off, and at least one; of flow matching all but int(N - N strength) (SDEdit, Meng et
     * al., arXiv 2108.01073).
     *
     * @param strength above 0 (the image stays) to 1 (every step is taken, and hardly anything of the image is left)
     * @throws IllegalArgumentException if it is outside
     */
    public TimeGrid strength(double strength) {
        Require.that(strength > 0 && strength <= 1, "strength", strength, "above 0, to 1");
        double changed = steps() * strength;
        return from(path instanceof FlowPath ? (int) (steps() - changed) : steps() - Math.max(1, (int) changed));
    }

    /** Whether this is what {@link #from} gives of another grid, or the same. */
    public boolean isEndOf(TimeGrid other) {
        int row = skipped - other.skipped;
        return row >= 0 && row < other.steps() && equals(other.from(row));
    }

    /** The same grid with another factor of the start noise. */
    public TimeGrid withStartScale(double scale) {
        return new TimeGrid(levels, path, ends, scale, skipped);
    }

    /**
     * The level that step i goes to, 1 to N: the one of row i, but for a few schedulers.
     *
     * @throws IndexOutOfBoundsException if it is outside
     */
    public NoiseLevel end(int i) {
        return ends.get(i - 1);
    }

    /** The number of steps of the whole grid, those that are {@linkplain #skipped left out} included. */
    public int wholeSteps() {
        return skipped + steps();
    }

    /** The number N of steps, and of model evaluations of a one-stage solver. */
    public int steps() {
        return levels.size() - 1;
    }

    /**
     * The level of a row.
     *
     * @param row 0 (noisiest) to N (the sample)
     * @throws IndexOutOfBoundsException if it is outside
     */
    public NoiseLevel level(int row) {
        return levels.get(row);
    }
}
