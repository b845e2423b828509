package dev.paraflux.engine;

import dev.paraflux.device.Device;
import dev.paraflux.device.Lifetime;
import java.util.ArrayList;
import java.util.List;

/** The slots of all plans, the one used last in front. Of plans that nobody runs any more only some keep their memory. */
final class Stocks implements AutoCloseable {
    /** Plans without a run that keep their memory. */
    private static final int IDLE_KEPT = 8;

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
        trim();
        Stock made = new Stock(plan, device, dim, maxSamples, owner);
        stocks.add(0, made);
        return made;
    }

    private void trim() {
        int idle = 0;
        for (int i = 0; i < stocks.size(); i++) {
            if (stocks.get(i).isIdle() && ++idle >= IDLE_KEPT) {
                stocks.remove(i--).close();
            }
        }
    }

    @Override
    public void close() {
        while (!stocks.isEmpty()) {
            stocks.get(stocks.size() - 1).close();
            stocks.remove(stocks.size() - 1);
        }
    }
}
