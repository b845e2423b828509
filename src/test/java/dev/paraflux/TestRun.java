package dev.paraflux;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Runs test classes, whose full names are its arguments, where there is a Java runtime and no Maven. */
final class TestRun {
    private static final int FRAMES = 12;

    private TestRun() {}

    /** Exits with 1 if a test fails, or if there is none. */
    public static void main(String[] classes) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(Stream.of(classes).map(DiscoverySelectors::selectClass).toList()).build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, listener);
        TestExecutionSummary summary = listener.getSummary();
        PrintWriter output = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        summary.printFailuresTo(output, FRAMES);
        output.printf("%d tests passed, %d skipped, %d failed in %.1f s%n", summary.getTestsSucceededCount(),
                summary.getTestsSkippedCount() + summary.getTestsAbortedCount(), summary.getTotalFailureCount(),
                (summary.getTimeFinished() - summary.getTimeStarted()) * 1e-3);
        System.exit(summary.getTotalFailureCount() > 0 || summary.getTestsSucceededCount() == 0 ? 1 : 0);
    }
}
