package dev.paraflux.benchmarks;

import dev.paraflux.model.torch.TorchLibrary;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/** The update x = a x + b m + c z of all rows as others do it, on one thread: OpenBLAS in float32, tensors in float64. */
final class PeerRows implements AutoCloseable {
    private static final double[] FACTORS = {0.9, 0.1, 0.01};

    private int count;
    private final FloatPointer[] floats = new FloatPointer[FACTORS.length];
    private final Tensor[] doubles = new Tensor[FACTORS.length];
    private final Scalar[] scalars = new Scalar[FACTORS.length];

    void allocate(int rows, int dim) {
        TorchLibrary.require();
        torch.set_num_threads(1);
        openblas.blas_set_num_threads(1);
        count = rows * dim;
        for (int k = 0; k < FACTORS.length; k++) {
            floats[k] = new FloatPointer(count).zero();
            doubles[k] = torch.zeros(new long[] {rows, dim}, new TensorOptions(torch.ScalarType.Double));
            scalars[k] = new Scalar(FACTORS[k]);
        }
    }

    void openBlas() {
        openblas.cblas_sscal(count, (float) FACTORS[0], floats[0], 1);
        openblas.cblas_saxpy(count, (float) FACTORS[1], floats[1], 1, floats[0], 1);
        openblas.cblas_saxpy(count, (float) FACTORS[2], floats[2], 1, floats[0], 1);
    }

    @SuppressWarnings("try") // The scope works by being open.
    void tensors() {
        try (PointerScope temporaries = new PointerScope()) {
            doubles[0]
                    .copy_(doubles[0].mul(scalars[0]).add(doubles[1].mul(scalars[1])).add(doubles[2].mul(scalars[2])));
        }
    }

    @Override
    public void close() {
        for (int k = 0; k < FACTORS.length; k++) {
            floats[k].close();
            doubles[k].close();
            scalars[k].close();
        }
    }
}
