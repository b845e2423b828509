package dev.paraflux.cli.option;

import dev.paraflux.Cancellation;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.io.ImageGrid;
import dev.paraflux.plan.Planner;
import dev.paraflux.plan.SamplingPlan;
import dev.paraflux.plan.Target;
import picocli.CommandLine.Option;

/** What a plan is to make small, and within which limits. */
public final class PlanOptions {
    private static final double MOST_MIB = 1 << 30;

    @Option(names = "--target", paramLabel = "TARGET",
            description = "What is to be small: ${COMPLETION-CANDIDATES}. Latency is the time of the samples that are asked"
                    + " for, together; throughput the time a sample of 16 at once; energy the model's rows. Default: latency.")
    private Target target;

    @Option(names = "--max-memory", paramLabel = "MIB", description = "Most MiB that a sample's rows may take.")
    private Double memory;

    @Option(names = "--max-distance", paramLabel = "PIXELS",
            description = "Most that a sample may be away from the sequential one, as root mean square in pixels of 0 to"
                    + " 255.")
    private Double distance;

    /** What becomes of other steps that would do. */
    public enum OtherSteps {
        NO, ADVISE, TAKE
    }

    @Option(names = "--other-steps", paramLabel = "WHAT", defaultValue = "ADVISE",
            description = "Whether fewer steps of a better solver are looked for, which end as near to where fine steps would:"
                    + " ${COMPLETION-CANDIDATES}. They draw another sample, so that they are but said, unless they may be taken."
                    + " It takes some ten samples' time. Not with --pipeline, --image and --iia. Default: advise.")
    private OtherSteps others;

    /** Checks the numbers. */
    public void check() {
        if (memory != null) {
            Require.that(memory > 0 && memory <= MOST_MIB, "--max-memory", memory, "above 0 and at most 2^30 MiB");
        }
        if (distance != null) {
            Require.that(distance >= 0 && distance <= 255, "--max-distance", distance, "0 to 255 pixels");
        }
    }

    /** The plan of a workload with these settings. */
    public SamplingPlan plan(Workload work, Cancellation interrupt) {
        try (OtherWork other = others == OtherSteps.NO ? OtherWork.none() : work.others()) {
            return apply(work.planner().otherSteps(other.steps(), others == OtherSteps.TAKE), work.samples())
                    .plan(interrupt);
        } catch (IllegalValueException e) {
            throw e.name().equals("maxBytes") ? new IllegalValueException("--max-memory", memory, e.legal()) : e;
        }
    }

    private Planner apply(Planner.Builder planner, int samples) {
        if (target != null) {
            planner.target(target);
        }
        if (target == Target.THROUGHPUT) {
            planner.atOnce(Math.max(samples, Planner.AT_ONCE));
        }
        if (memory != null) {
            planner.maxBytes(Math.max(1, (long) (memory * (1 << 20))));
        }
        if (distance != null) {
            planner.maxDistance(distance / ImageGrid.PIXELS_OF_UNIT);
        }
        return planner.build();
    }
}
