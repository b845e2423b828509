package dev.paraflux.cli.option;

import dev.paraflux.method.core.Chords;
import dev.paraflux.method.core.Srds;
import dev.paraflux.method.core.StopRule;
import java.util.List;
import picocli.CommandLine.Option;

/** The settings of the methods that refine their answer, with several cores walking along the rows. */
final class CoreOptions {
    @Option(names = "--blocks", paramLabel = "M",
            description = "SRDS: blocks that the steps are cut into, and solved at the same time, 1 to the number of"
                    + " steps. Default: ${bundle:default.blocks}.")
    private Integer blocks;

    @Option(names = "--barrier",
            description = "SRDS: wait for each refinement to be done before the next one begins: more rounds, and no"
                    + " wasted evaluation.")
    private boolean barrier;

    @Option(names = "--cores", paramLabel = "K",
            description = "CHORDS: cores, each a row of every round, 1 to ${bundle:most.cores}. Default:"
                    + " ${bundle:default.cores}.")
    private Integer cores;

    @Option(names = "--starts", split = ",", paramLabel = "SHARE",
            description = "CHORDS: where the cores start, as shares of the steps: 0, and rising, below 1, as in"
                    + " 0,0.16,0.32,0.64. Default: as suits --cores.")
    private List<Double> starts;

    @Option(names = "--max-refinements", paramLabel = "P",
            description = "SRDS, CHORDS: refinements after which a sample is taken as it is; 0 is the first"
                    + " answer. Default: ${bundle:default.maxRefinements}.")
    private Integer maxRefinements;

    /**
     * With what was given; the rest as by default.
     *
     * @param pixels tolerance; null if it was not given
     */
    Srds srds(Double pixels) {
        Srds defaults = Srds.defaults();
        Srds blocked = Typed.with(defaults, "--blocks", blocks, Srds::withBlocks);
        Srds stopped = Typed.with(blocked, "--pixel-tolerance", pixels,
                (srds, tolerance) -> srds.withStop(StopRule.pixels(tolerance)));
        return Typed.with(stopped, "--max-refinements", maxRefinements, Srds::withMaxRefinements)
                .withPipelined(defaults.pipelined() && !barrier);
    }

    /** As {@link #srds}. */
    Chords chords(Double pixels) {
        Typed.requireAlone("--starts", starts, "--cores", cores);
        Chords counted = Typed.with(Chords.defaults(), "--cores", cores, (chords, count) -> Chords.ofCores(count));
        Chords started = Typed.with(counted, "--starts", starts, Chords::withStarts);
        Chords stopped = Typed.with(started, "--pixel-tolerance", pixels,
                (chords, tolerance) -> chords.withStop(StopRule.pixels(tolerance)));
        return Typed.with(stopped, "--max-refinements", maxRefinements, Chords::withMaxRefinements);
    }
}
