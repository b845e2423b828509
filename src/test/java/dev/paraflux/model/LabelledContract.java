package dev.paraflux.model;

import dev.paraflux.TestDenoisers;
import java.util.List;

/** The contract of a denoiser around {@link TestDenoisers}, which take labels. */
abstract class LabelledContract extends DenoiserContract {
    @Override
    protected List<Condition> legal() {
        return List.of(Condition.none(), Condition.label(0), Condition.label(4));
    }

    @Override
    protected Condition illegal() {
        return Condition.label(TestDenoisers.LABELS);
    }
}
