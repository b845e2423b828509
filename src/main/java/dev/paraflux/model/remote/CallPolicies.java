package dev.paraflux.model.remote;

import io.grpc.NameResolver;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * gRPC's own policies for the calls of a service, in the form of its service config
 * (https://github.com/grpc/grpc/blob/master/doc/service_config.md): hedged requests (gRFC A6), health checks (A17), and the
 * ejection of outliers (A50).
 *
 * <p>A chunk is also asked of another worker when it has taken four times what chunks take as a rule; how long that is, is
 * measured, and gRPC is told where it has changed by half: at once where it is shorter, else every other second at most.
 */
final class CallPolicies {
    static final NameResolver.Args.Key<CallPolicies> ARGUMENT = NameResolver.Args.Key.create("paraflux.policies");

    private static final String SERVICE = "inference.GRPCInferenceService";
    private static final double PATIENCE = 4;
    private static final double LEAST_NANOS = 50e6;
    private static final double MOST_NANOS = 60e9;
    private static final double UNKNOWN_NANOS = 2e9;
    private static final double CHANGE = 1.5;
    /** It is told rarely: gRPC reads its whole configuration anew then. */
    private static final long LEAST_BETWEEN_NANOS = 2_000_000_000L;
    /** What another worker will not do better: the request itself is at fault. */
    private static final Set<Status.Code> FATAL = Set.of(Status.Code.OK, Status.Code.INVALID_ARGUMENT);

    private final RemoteOptions options;
    private final boolean fixed;
    private Runnable onChange = () -> {};
    private double hedgeNanos;
    private boolean isKnown;
    private long changed;

    CallPolicies(RemoteOptions options) {
        this.options = options;
        fixed = options.hedge().isPresent();
        hedgeNanos = fixed ? options.hedge().get().toNanos() : UNKNOWN_NANOS;
    }

    /** Whether another worker may do better. */
    static boolean canRetry(Status status) {
        return !FATAL.contains(status.getCode());
    }

    synchronized void onChange(Runnable listener) {
        onChange = listener;
    }

    /** Says what a chunk takes, with those before it; 0 if it is not known. */
    void measured(double chunkNanos) {
        Runnable listener;
        synchronized (this) {
            double nanos = Math.min(MOST_NANOS, Math.max(LEAST_NANOS, PATIENCE * chunkNanos));
            long now = System.nanoTime();
            boolean isLonger = nanos > hedgeNanos;
            if (fixed || chunkNanos == 0 || nanos < CHANGE * hedgeNanos && hedgeNanos < CHANGE * nanos
                    || isKnown && isLonger && now - changed < LEAST_BETWEEN_NANOS) {
                return;
            }
            hedgeNanos = nanos;
            isKnown = true;
            changed = now;
            listener = onChange;
        }
        listener.run();
    }

    /** After which time a chunk is also asked of another worker. */
    synchronized Duration hedge() {
        return Duration.ofNanos((long) hedgeNanos);
    }

    synchronized Map<String, ?> config() {
        // None is passed over: gRPC for Java would wait for the next hedge's time then, and a chunk that has failed is done
        // again at once.
        List<String> codes = List.of();
        Map<String, ?> hedging = Map.of("maxAttempts", (double) options.tries(), "hedgingDelay",
                String.format(Locale.ROOT, "%.6fs", hedgeNanos / 1e9), "nonFatalStatusCodes", codes);
        Map<String, ?> outliers = Map.of("interval", "1s", "baseEjectionTime", "5s", "maxEjectionTime", "60s",
                "maxEjectionPercentage", 50.0,
                "failurePercentageEjection", Map.of("threshold", 50.0, "enforcementPercentage", 100.0, "minimumHosts",
                        2.0, "requestVolume", 5.0),
                "childPolicy", List.of(Map.of(SpeedBalancerProvider.NAME, Map.of())));
        Map<String, Object> config = new TreeMap<>();
        config.put("methodConfig", List.of(Map.of("name", List.of(Map.of("service", SERVICE, "method", "ModelInfer")),
                "hedgingPolicy", hedging, "waitForReady", true)));
        config.put("loadBalancingConfig", List.of(Map.of("outlier_detection_experimental", outliers)));
        config.put("healthCheckConfig", Map.of("serviceName", ""));
        return config;
    }
}
