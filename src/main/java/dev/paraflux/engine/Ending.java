package dev.paraflux.engine;

/** Why a run leaves. */
public enum Ending {
    /** Its method is done. */
    FINISHED,
    /** A listener took it as it is. */
    ACCEPTED,
    /** A final row is not finite. */
    NON_FINITE,
    /** Its call was cancelled, or ran out of time. */
    STOPPED,
    /** Its call failed: nothing is handed over. */
    FAILED
}
