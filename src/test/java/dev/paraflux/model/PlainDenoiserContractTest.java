package dev.paraflux.model;

import dev.paraflux.schedule.Prediction;

/** The least that a denoiser of one's own can be: it holds nothing, and leaves closing as it stands. */
class PlainDenoiserContractTest extends UnconditionalContract {
    @Override
    protected Denoiser open() {
        return new Plain();
    }

    private static final class Plain implements Denoiser {
        @Override
        public int[] shape() {
            return new int[] {2, 3};
        }

        @Override
        public Prediction prediction() {
            return Prediction.EPSILON;
        }

        @Override
        public void requireLegal(Condition condition) {
            if (!(condition instanceof Condition.None)) {
                throw new IllegalArgumentException("condition " + condition + ": must be none");
            }
        }

        @Override
        public void evaluate(Batch batch) {
            batch.acquire(this);
            try {
                float[] row = new float[dim()];
                for (int i = 0; i < batch.size(); i++) {
                    requireLegal(batch.conditioning(i));
                    batch.states().read(batch.stateRow(i), row);
                    for (int e = 0; e < row.length; e++) {
                        row[e] *= (float) batch.level(i).sigma();
                    }
                    batch.predictions().write(batch.predictionRow(i), row);
                }
            } finally {
                batch.release();
            }
        }
    }
}
