package dev.paraflux.engine;

import dev.paraflux.device.Device;
import dev.paraflux.device.Lifetime;
import java.util.ArrayList;
import java.util.List;

/** The slots of all plans, the one used last in front. Of plans that nobody runs any more only some keep their memory. */
final class Stocks implements AutoCloseable {
    /** Plans without a run that keep their memory, whatever it is, ... */
    private static final int IDLE_KEPT = 8;
    /** ... and how many bytes all together may have, if they are more. */
    private static final long IDLE_BYTES = 256L << 20;

    private final Device device;
    private final int dim;
    private final int maxSamples;
    private final Lifetime owner;
    private final List<Stock> stocks = new ArrayList<>();

    /** @param owner of the memory, which raises the alarm for it when it is forgotten */
    Stocks(Device device, int dim, int maxSamples, Lifetime owner) {
        this.device = device;
        this.dim = dim;
        this.maxSamples = maxSamples;
        this.owner = owner;
    }

    Stock of(Plan plan) {
        for (int i = 0; i < stocks.size(); i++) {
            if (stocks.get(i).plan() == plan) {
                Stock found = stocks.get(i);
                if (i > 0) {
                    stocks.remove(i);
                    stocks.add(0, found);
                }
                return found;
            }
        }
        trim(IDLE_KEPT - 1, IDLE_BYTES);
        Stock made = new Stock(plan, device, dim, maxSamples, owner);
        stocks.add(0, made);
        return made;
    }

    /**
     * Makes sure that so many slots of a plan are free, or as many as there can be at all. Where there is no memory for them, that of plans nobody runs is given
     * back first.
     */
    void reserve(Plan plan, int slots) {
        Stock stock = of(plan);
        int wanted = Math.min(slots, maxSamples);
        try {
            stock.reserve(wanted);
        } catch (OutOfMemoryError e) {
            if (trim(0, 0) == 0) {
                throw e;
            }
            of(plan).reserve(wanted);
        }
    }

    /**
     * Lets plans that nobody runs keep their memory as far as they are the latest so many, or all the later ones and they
     * have no more than so many bytes; how many lost theirs.
     */
    private int trim(int kept, long keptBytes) {
        int idle = 0;
        int closed = 0;
        long bytes = 0;
        for (int i = 0; i < stocks.size(); i++) {
            Stock stock = stocks.get(i);
            if (stock.isIdle()) {
                idle++;
                bytes += stock.bytes();
                if (idle > kept && bytes > keptBytes) {
                    stocks.remove(i--).close();
                    closed++;
                }
            }
        }
        return closed;
    }

    @Override
    public void close() {
        while (!stocks.isEmpty()) {
            stocks.get(stocks.size() - 1).close();
            stocks.remove(stocks.size() - 1);
        }
    }
}
