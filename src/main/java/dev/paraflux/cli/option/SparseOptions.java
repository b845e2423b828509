package dev.paraflux.cli.option;

import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.method.window.SparseParaTaa;
import picocli.CommandLine.Option;

/** The settings of sparse rounds. */
final class SparseOptions {
    @Option(names = "--density", paramLabel = "ROWS",
            description = "Sparse: rows that the first round evaluates, and the least there are along all rows, 1 or more."
                    + " Default: ${bundle:default.density}.")
    private Double density;

    @Option(names = "--theta", paramLabel = "SHARE",
            description = "Sparse: error of the interpolation between the rows that are evaluated, as a share of what is"
                    + " interpolated, above 0. Default: ${bundle:default.theta}.")
    private Double theta;

    @Option(names = "--kappa", paramLabel = "ROWS",
            description = "Sparse: rows that are evaluated along all rows where these are to move by 1, above 0."
                    + " Default: ${bundle:default.kappa}.")
    private Double kappa;

    @Option(names = "--cap", paramLabel = "ROWS",
            description = "Sparse: rows that a round evaluates, at most: 16 or more, and a tenth of all rows or more."
                    + " Default: ${bundle:default.cap}.")
    private Integer cap;

    /** With what was given; the rest as by default. */
    SparseParaTaa of(ParaTaa paraTaa) {
        SparseParaTaa method = SparseParaTaa.of(paraTaa);
        method = Typed.with(method, "--density", density, SparseParaTaa::withDensity);
        method = Typed.with(method, "--theta", theta, SparseParaTaa::withTheta);
        method = Typed.with(method, "--kappa", kappa, SparseParaTaa::withKappa);
        return Typed.with(method, "--cap", cap, SparseParaTaa::withCap);
    }
}
