package dev.paraflux.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What holds memory and is collected without having been closed is told of, once for each class. */
class LeakAlarmTest {
    private static final Device CPU = Device.cpu();

    private final String trace = System.getProperty(LeakAlarm.PROPERTY);
    private Warnings warnings;

    @BeforeEach
    void listen() {
        System.clearProperty(LeakAlarm.PROPERTY);
        LeakAlarm.forgetTold();
        warnings = new Warnings();
    }

    @AfterEach
    void restore() {
        warnings.close();
        if (trace != null) {
            System.setProperty(LeakAlarm.PROPERTY, trace);
        }
    }

    /** A thing as those outside this package make them: it says itself that it holds memory. */
    private static void forget(String name, boolean holdsMemory) {
        Lifetime lifetime = new Lifetime(name);
        if (holdsMemory) {
            lifetime.watch();
        }
    }

    @Test
    void aForgottenThingIsToldOfOnceForItsClass() throws Exception {
        forget("Forgotten", true);
        List<String> told = warnings.awaitNaming("Forgotten");
        assertEquals(1, told.size(), told.toString());
        assertTrue(told.get(0).startsWith("WARNING A Forgotten was not closed"), told.get(0));
        assertTrue(told.get(0).contains("-Dparaflux.leaks=trace"), told.get(0));
        forget("Forgotten", true);
        forget("Marker", true);
        assertEquals(1, warnings.awaitNaming("Marker").size());
        assertEquals(1, warnings.naming("Forgotten").size(), "once");
    }

    @Test
    void thePropertySaysWhereItWasMade() throws Exception {
        System.setProperty(LeakAlarm.PROPERTY, "trace");
        forget("Traced", true);
        String told = warnings.awaitNaming("Traced").get(0);
        assertTrue(told.contains("LeakAlarmTest.forget(LeakAlarmTest.java:"), told);
    }

    @Test
    void whatIsClosedOrHoldsNothingIsNotToldOf() throws Exception {
        Lifetime closed = new Lifetime("Closed");
        closed.watch();
        closed.close();
        closed = null;
        forget("Empty", false);
        forget("Later", true);
        assertFalse(warnings.awaitNaming("Later").isEmpty());
        assertEquals(List.of(), warnings.naming("Closed"));
        assertEquals(List.of(), warnings.naming("Empty"));
    }

    @Test
    void partsAreForgottenWithTheirOwnerWhoIsToldOf() throws Exception {
        forgetOwner();
        assertEquals(1, warnings.awaitNaming("Owner").size());
        assertEquals(List.of(), warnings.naming("Part"));
    }

    private static void forgetOwner() {
        Lifetime owner = new Lifetime("Owner");
        Lifetime part = owner.own(() -> new Lifetime("Part"));
        part.watch();
    }

    /** Their memory is lost for the rest of this process: a few bytes each. */
    @Test
    void forgottenBuffersAndQueuesAreToldOf() throws Exception {
        forgetMemory();
        for (String name : List.of("Buffer", "GramState", "Queue")) {
            assertEquals(1, warnings.awaitNaming(name).size(), name);
        }
    }

    private static void forgetMemory() {
        Buffer buffer = CPU.allocate(2, 1);
        new GramState(1);
        RowProgram program = new RowProgram();
        program.copy(buffer, 0, buffer, 1);
        CPU.queue().run(program);
    }

    /** An idle queue holds next to nothing, but its owner was to close it. */
    @Test
    void aForgottenQueueThatNeverWorkedIsToldOf() throws Exception {
        forgetQueue();
        assertEquals(1, warnings.awaitNaming("Queue").size());
    }

    private static void forgetQueue() {
        CPU.queue();
    }
}
