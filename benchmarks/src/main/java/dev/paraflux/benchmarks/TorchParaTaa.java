package dev.paraflux.benchmarks;

import dev.paraflux.model.torch.TorchLibrary;
import java.util.ArrayDeque;
import java.util.Deque;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * One ParaTAA update as one writes it with a tensor library, and as the official code does: float64, the order-k map as
 * banded matrices times all predictions and all noise, the histories stacked anew each round and gathered by row, every
 * Gram matrix whole, prefix sums by flip and cumsum.
 */
final class TorchParaTaa implements AutoCloseable {
    private final int history;
    private final Tensor unrolled;
    private final Tensor carried;
    private final Tensor coefficients;
    private final Tensor noise;
    private final Tensor rowIndices;
    private final Tensor ridge;
    private final Tensor predictions;
    private final Deque<Tensor> states = new ArrayDeque<>();
    private final Deque<Tensor> residuals = new ArrayDeque<>();

    TorchParaTaa(int rows, int dim, int history, int order) {
        TorchLibrary.require();
        torch.set_num_threads(1);
        this.history = history;
        TensorOptions doubles = new TensorOptions(torch.ScalarType.Double);
        Tensor band = torch.ones(new long[] {rows, rows}, doubles);
        unrolled = torch.triu(torch.tril(band), 1L - order).mul(new Scalar(-0.002));
        carried = torch.ones(new long[] {rows, 1}, doubles).mul(new Scalar(1.001));
        coefficients = torch.ones(new long[] {rows, 1}, doubles).mul(new Scalar(-0.002));
        noise = torch.zeros(new long[] {rows, dim}, doubles);
        rowIndices = torch.arange(new Scalar(rows));
        ridge = torch.eye(history - 1, doubles).mul(new Scalar(1e-3));
        predictions = torch.randn(new long[] {rows, dim}, doubles);
        for (int c = 0; c < history; c++) {
            states.addLast(torch.randn(new long[] {rows, dim}, doubles));
            residuals.addLast(torch.randn(new long[] {rows, dim}, doubles));
        }
    }

    @SuppressWarnings("try") // The scope works by being open.
    void update() {
        try (PointerScope temporaries = new PointerScope()) {
            Tensor x = states.peekLast();
            Tensor step = carried.mul(x).add(coefficients.mul(predictions)).add(coefficients.mul(noise));
            Tensor firstOrder = step.sub(x);
            torch.sqrt(torch.mean(torch.mul(firstOrder, firstOrder), 1));
            Tensor map = carried.mul(x).add(torch.matmul(unrolled, predictions)).add(torch.matmul(unrolled, noise));
            Tensor residual = map.sub(x);
            Tensor dR = torch.index_select(difference(stack(residuals, residual)), 1, rowIndices);
            Tensor dX = torch.index_select(difference(stack(states, x)), 1, rowIndices);
            Tensor flipped = dR.flip(1);
            Tensor gram = torch.einsum("ijk,pjk->ipj", new TensorVector(flipped, flipped)).cumsum(2).flip(2);
            Tensor right = torch.einsum("ijk,jk->ji", new TensorVector(flipped, residual.flip(0))).cumsum(0).flip(0);
            Tensor gamma = torch.linalg_solve(gram.permute(2, 0, 1).add(ridge), right.unsqueeze(2)).squeeze(2);
            Tensor correction = torch.einsum("ijk,ji->jk", new TensorVector(dX.add(dR), gamma));
            x.add(residual).sub(correction);
            keep(residuals, residual);
            // The same state again: a made-up system would run away, and infinities have a speed of their own.
            keep(states, x);
        }
    }

    private Tensor stack(Deque<Tensor> past, Tensor now) {
        TensorVector parts = new TensorVector();
        past.stream().skip(1).forEach(part -> parts.push_back(part.unsqueeze(0)));
        parts.push_back(now.unsqueeze(0));
        return torch.cat(parts, 0);
    }

    private Tensor difference(Tensor stacked) {
        return stacked.narrow(0, 1, history - 1).sub(stacked.narrow(0, 0, history - 1));
    }

    /** The oldest tensor's memory takes the newest values. */
    private static void keep(Deque<Tensor> past, Tensor now) {
        Tensor oldest = past.removeFirst();
        oldest.copy_(now);
        past.addLast(oldest);
    }

    @Override
    public void close() {
        states.forEach(Tensor::close);
        residuals.forEach(Tensor::close);
    }
}
