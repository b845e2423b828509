package dev.paraflux.model.pretrained;

import java.util.ArrayList;
import java.util.List;

/**
 * What a {@link ModelCall} keeps for the places that rows lay at: for the {@value #MOST} that it met last.
 *
 * @param <P> what is kept for one
 */
public final class KeptPlaces<P extends KeptPlaces.Place> implements AutoCloseable {
    private static final int MOST = 8;

    /** The tensors of states and predictions that lie somewhere. Their memory is the caller's. */
    public interface Place extends AutoCloseable {
        @Override
        void close();
    }

    /** Makes what is kept for a place. */
    @FunctionalInterface
    public interface Maker<P> {
        /** Tensors at the addresses of the first state and the first prediction. */
        P at(long statesAt, long predictionsAt);
    }

    private static final class Kept<P> {
        private final long statesAt;
        private final long predictionsAt;
        private final P place;
        /** Larger is later. */
        private long used;

        private Kept(long statesAt, long predictionsAt, P place) {
            this.statesAt = statesAt;
            this.predictionsAt = predictionsAt;
            this.place = place;
        }
    }

    private final Maker<P> maker;
    private final List<Kept<P>> kept = new ArrayList<>(MOST);
    private long uses;

    /** Keeps nothing yet. */
    public KeptPlaces(Maker<P> maker) {
        this.maker = maker;
    }

    /** What is kept for a place, or made for it now. */
    public P at(long statesAt, long predictionsAt) {
        Kept<P> oldest = null;
        for (int k = 0; k < kept.size(); k++) {
            Kept<P> one = kept.get(k);
            if (one.statesAt == statesAt && one.predictionsAt == predictionsAt) {
                one.used = ++uses;
                return one.place;
            }
            oldest = oldest == null || one.used < oldest.used ? one : oldest;
        }
        if (kept.size() == MOST) {
            kept.remove(oldest);
            oldest.place.close();
        }
        Kept<P> made = new Kept<>(statesAt, predictionsAt, maker.at(statesAt, predictionsAt));
        made.used = ++uses;
        kept.add(made);
        return made.place;
    }

    /** Closes what is kept for a place, and makes it anew the next time. */
    public void forget(P place) {
        kept.removeIf(one -> one.place == place);
        place.close();
    }

    @Override
    public void close() {
        kept.forEach(one -> one.place.close());
        kept.clear();
    }
}
