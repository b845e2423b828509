package dev.paraflux.device;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.ref.Cleaner;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells, once for each class, that something which owns memory was collected and never closed. It frees nothing: who
 * may still use the memory is not known here.
 */
final class LeakAlarm implements Runnable {
    /**
     * {@code trace} tells where a forgotten thing was made, once for each place, at the cost of a stack trace for each one
     * that is made; {@code off} keeps quiet.
     */
    static final String PROPERTY = "paraflux.leaks";

    private static final System.Logger LOG = System.getLogger("dev.paraflux");
    private static final Cleaner CLEANER = Cleaner.create();
    private static final Set<String> TOLD = ConcurrentHashMap.newKeySet();

    private final String name;
    private final Throwable made;
    private Cleaner.Cleanable watch;
    private volatile boolean closed;

    private LeakAlarm(String name, Throwable made) {
        this.name = name;
        this.made = made;
    }

    /** Watches a thing, which nothing but its owner refers to. */
    static LeakAlarm of(Object thing, String name, Throwable made) {
        LeakAlarm alarm = new LeakAlarm(name, made);
        alarm.watch = CLEANER.register(thing, alarm);
        return alarm;
    }

    /** Where something is being made, if that is asked for. */
    static Throwable trace() {
        return "trace".equals(System.getProperty(PROPERTY)) ? new Throwable("it was made here") : null;
    }

    /** The thing was closed. */
    void disarm() {
        closed = true;
        watch.clean();
    }

    @Override
    public void run() {
        if (!closed && !"off".equals(System.getProperty(PROPERTY)) && TOLD.add(name + place())) {
            LOG.log(System.Logger.Level.WARNING,
                    "A {0} was not closed and is lost with its memory outside the Java heap."
                            + " Close what you make, best with try (...). This is said once for each {1}",
                    name, made == null ? "class; start Java with -D" + PROPERTY + "=trace to be told where it was made."
                            : "place; this one:\n" + place());
        }
    }

    /** Where the thing was made, if that is known. */
    private String place() {
        if (made == null) {
            return "";
        }
        StringWriter text = new StringWriter();
        made.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    /** For tests: what was told may be told again. */
    static void forgetTold() {
        TOLD.clear();
    }
}
