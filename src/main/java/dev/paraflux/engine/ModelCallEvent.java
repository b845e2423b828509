package dev.paraflux.engine;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A call of the model, for Java Flight Recorder; one object serves all calls of an engine, one after the other. */
@Name("dev.paraflux.ModelCall")
@Label("Model Call")
@Category("Paraflux")
@Description("A call of the denoiser for the rows of a round, or for as many of them as a batch holds")
@Enabled
@StackTrace(false)
final class ModelCallEvent extends Event {
    @Label("Evaluations")
    @Description("Rows of the batch")
    int evaluations;

    @Label("Failed")
    @Description("Whether it ended with an exception")
    boolean failed;
}
