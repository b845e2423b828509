package dev.paraflux.engine;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A round, for Java Flight Recorder; one object serves all rounds of an engine, one after the other. */
@Name("dev.paraflux.Round")
@Label("Round")
@Category("Paraflux")
@Description("A round of all samples under way in a sampler: their model calls, and what follows from them")
@Enabled
@StackTrace(false)
final class RoundEvent extends Event {
    @Label("Samples")
    @Description("Samples that took part")
    int samples;

    @Label("Evaluations")
    @Description("Rows that they asked the model for")
    int evaluations;
}
