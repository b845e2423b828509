package dev.paraflux.model;

import dev.paraflux.TestDenoisers;
import java.util.List;

/** The contract of a denoiser around {@link TestDenoisers}, which take labels. */
public abstract class LabelledContract extends DenoiserContract {
    @Override
    protected List<Conditioning> legal() {
        return conditions(Condition.none(), Condition.label(0), Condition.label(4));
    }

    @Override
    protected Conditioning illegal() {
        return Conditioning.of(Condition.label(TestDenoisers.LABELS));
    }
}
