package dev.paraflux.model;

import java.util.List;

/** The contract of a denoiser that takes no condition. */
public abstract class UnconditionalContract extends DenoiserContract {
    @Override
    protected List<Conditioning> legal() {
        return conditions(Condition.none(), Condition.none());
    }

    @Override
    protected Conditioning illegal() {
        return Conditioning.of(Condition.label(0));
    }
}
