package dev.paraflux.model;

import dev.paraflux.TestDenoisers;
import java.util.List;

/** The contract of a denoiser that takes labels, and none: by default of one around {@link TestDenoisers}. */
public abstract class LabelledContract extends DenoiserContract {
    /** How many it takes, 2 or more. */
    protected int labels() {
        return TestDenoisers.LABELS;
    }

    @Override
    protected List<Conditioning> legal() {
        return conditions(Condition.none(), Condition.label(0), Condition.label(labels() - 1));
    }

    @Override
    protected Conditioning illegal() {
        return Conditioning.of(Condition.label(labels()));
    }
}
