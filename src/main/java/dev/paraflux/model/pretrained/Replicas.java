package dev.paraflux.model.pretrained;

/** How many threads can share a call where nobody says how many. */
final class Replicas {
    /** One a core, or what {@code OMP_NUM_THREADS} says, which other programs on the machine go by as well. */
    static final int BY_DEFAULT = byDefault(System.getenv("OMP_NUM_THREADS"),
            Runtime.getRuntime().availableProcessors());

    private Replicas() {}

    /** @param environment what the environment says: a number, or a list of which the first counts; else nothing */
    static int byDefault(String environment, int processors) {
        int most = Math.min(processors, LoadOptions.mostThreads());
        if (environment == null) {
            return most;
        }
        try {
            int asked = Integer.parseInt(environment.split(",", 2)[0].strip());
            return asked < 1 ? most : Math.min(asked, most);
        } catch (NumberFormatException e) {
            return most;
        }
    }
}
