package dev.paraflux;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A sample from its call to its end, for Java Flight Recorder: what {@link Stats} say of it. */
@Name("dev.paraflux.Sample")
@Label("Sample")
@Category("Paraflux")
@Description("A sample, from the call to its end")
@Enabled
@StackTrace(false)
final class SampleEvent extends Event {
    /** Asked whether anybody records. */
    private static final SampleEvent ASKED = new SampleEvent();

    @Label("Status")
    @Description("How it ended; FAILED where the call ended with an exception")
    String status;

    @Label("Method")
    String method;

    @Label("Rounds")
    int rounds;

    @Label("Evaluations")
    int evaluations;

    @Label("Model Rows")
    int modelRows;

    @Label("Queued")
    @Description("Time spent waiting for a place")
    @Timespan(Timespan.NANOSECONDS)
    long queued;

    @Label("In the Model")
    @Description("Time spent in the model, in the rounds that the sample took part in")
    @Timespan(Timespan.NANOSECONDS)
    long inModel;

    /** One that has begun; null where nobody records. */
    static SampleEvent begun() {
        if (!ASKED.isEnabled()) {
            return null;
        }
        SampleEvent event = new SampleEvent();
        event.begin();
        return event;
    }
}
