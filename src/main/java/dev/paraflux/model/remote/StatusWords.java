package dev.paraflux.model.remote;

import dev.paraflux.check.Reason;
import io.grpc.Status;

/** What gRPC says of a failure, in words for a message. */
final class StatusWords {
    /** What gRPC says to a hedged try that has lost. */
    private static final String LOST_RACE = "RetriableStream committed";

    private StatusWords() {}

    static String of(Status status) {
        String said = status.getDescription();
        if (said != null && said.contains(LOST_RACE)) {
            return "another was sooner";
        }
        if (said != null) {
            // Names of classes, for those who write Netty.
            said = said.replaceAll("; Channel Pipeline: \\[[^\\]]*]", "")
                    .replace("Network closed for unknown reason", "it has closed the connection; does it want TLS?");
        }
        String cause = status.getCause() == null ? null : Reason.of(status.getCause());
        if (status.getCode() == Status.Code.CANCELLED && cause != null) {
            return cause;
        }
        String words = said == null ? cause : cause == null || said.contains(cause) ? said : said + ": " + cause;
        return switch (status.getCode()) {
            case UNAUTHENTICATED, PERMISSION_DENIED -> "it refuses: " + (words == null ? status.getCode() : words);
            case DEADLINE_EXCEEDED -> "it has not answered in time";
            default -> words == null ? status.getCode().toString() : status.getCode() + ": " + words;
        };
    }
}
