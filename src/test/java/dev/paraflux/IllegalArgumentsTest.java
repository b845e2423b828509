package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.paraflux.method.Trajectory;
import dev.paraflux.method.UpdateCounts;
import dev.paraflux.method.window.FirstGuess;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Condition;
import dev.paraflux.model.Conditioning;
import dev.paraflux.model.DenoiserChecks;
import dev.paraflux.model.GaussianMixtureDenoiser;
import dev.paraflux.model.GaussianMixtureDenoiser.Component;
import dev.paraflux.model.GuidanceOptions;
import dev.paraflux.model.Mask;
import dev.paraflux.model.ModelException;
import dev.paraflux.model.TensorValue;
import dev.paraflux.model.around.EdmPreconditioning;
import dev.paraflux.model.around.Guidance;
import dev.paraflux.model.around.Inpainting;
import dev.paraflux.model.around.LevelAdapter;
import dev.paraflux.model.around.X0Clipping;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.pretrained.ModelInput;
import dev.paraflux.model.pretrained.ModelInput.Type;
import dev.paraflux.schedule.FinalAlpha;
import dev.paraflux.schedule.FlowGrid;
import dev.paraflux.schedule.NoiseLevel;
import dev.paraflux.schedule.NoisePath;
import dev.paraflux.schedule.NoiseSchedule;
import dev.paraflux.schedule.Prediction;
import dev.paraflux.schedule.SchedulerConfig;
import dev.paraflux.schedule.Spacing;
import dev.paraflux.schedule.TrainedGrid;
import dev.paraflux.schedule.X0Limit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is illegal is refused where it is made, whoever makes it: a parser, or a program. */
class IllegalArgumentsTest {
    private static final double[] NOT_POSITIVE = {0, -1, Double.NaN, Double.POSITIVE_INFINITY};
    private static final double[] NOT_FINITE = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
    private static final NoiseLevel LEVEL = new NoiseLevel(1, 0.6, 0.8);
    private static final NoiseSchedule SCHEDULE = NoiseSchedule.linear(10, 1e-4, 0.02);
    private static final SchedulerConfig SCHEDULER = new SchedulerConfig(SCHEDULE, Prediction.EPSILON,
            Spacing.LEADING, 0, FinalAlpha.ONE);

    private static Stream<Arguments> conditions() {
        float[] two = new float[2];
        return Stream.of(of("Label(-1)", () -> Condition.label(-1)),
                of("Label(min)", () -> new Condition.Label(Integer.MIN_VALUE)),
                of("Embedding(null)", () -> new Condition.Embedding(null, 1, 1)),
                of("Embedding(0 tokens)", () -> new Condition.Embedding(new float[0], 0, 1)),
                of("Embedding(0 wide)", () -> new Condition.Embedding(new float[0], 1, 0)),
                of("Embedding(-1 x -2)", () -> new Condition.Embedding(two, -1, -2)),
                of("Embedding(3 values)", () -> new Condition.Embedding(new float[3], 2, 2)),
                of("Embedding(2^16 x 2^16)", () -> new Condition.Embedding(new float[0], 1 << 16, 1 << 16)),
                of("tensor of null", () -> TensorValue.of((float[]) null)),
                of("tensor of 3 values", () -> TensorValue.of(new float[3], 2, 2)),
                of("tensor of NaN", () -> TensorValue.of(new float[] {Float.NaN})),
                of("tensor 0 wide", () -> TensorValue.of(new long[0], 0)),
                of("no tensors", () -> Condition.tensors(Map.of())),
                of("zeros of nothing", () -> Condition.tensors(Map.of("a", TensorValue.of(new float[1])))
                        .withZeros("b")),
                of("Embedding(NaN)", () -> new Condition.Embedding(new float[] {0, Float.NaN}, 1, 2)),
                of("Conditioning(null)", () -> Conditioning.of(null)),
                of("Mask(nothing known)", () -> new Mask(null, two)), of("Mask(no mask)", () -> new Mask(two, null)),
                of("Mask(lengths)", () -> new Mask(two, new float[3])),
                of("Mask(known NaN)", () -> new Mask(new float[] {0, Float.NaN}, two)),
                of("Mask(mask 2)", () -> new Mask(two, new float[] {0, 2})));
    }

    private static Stream<Arguments> cards() {
        List<Integer> shape = List.of(1, 2, 3);
        List<Arguments> all = new ArrayList<>();
        for (List<Integer> wrong : List.of(List.<Integer>of(), List.of(3, 1, 16, 16, 2), List.of(0, 2, 3),
                List.of(1, -2, 3), List.of(1 << 16, 1 << 16, 1 << 16), List.of(2048, 2048, 2048),
                List.of(Integer.MAX_VALUE, 1, 1))) {
            all.add(of("card of shape " + wrong, () -> card(wrong, List.of(), 1)));
        }
        all.add(of("card without shape", () -> card(null, List.of(), 1)));
        all.add(of("card with a null in its shape", () -> card(Arrays.asList(1, null, 3), List.of(), 1)));
        all.add(of("card without inputs", () -> card(shape, null, 1)));
        all.add(of("card with a null among its inputs", () -> card(shape, Arrays.asList((ModelInput) null), 1)));
        all.add(of("card without name", () -> new ModelCard(null, shape, "x", "t", List.of(), 1, SCHEDULER)));
        all.add(of("card without scheduler", () -> new ModelCard("m", shape, "x", "t", List.of(), 1, null)));
        all.add(of("card without x", () -> new ModelCard("m", shape, null, "t", List.of(), 1, SCHEDULER)));
        all.add(of("card without t", () -> new ModelCard("m", shape, "x", null, List.of(), 1, SCHEDULER)));
        all.add(of("card with x twice", () -> new ModelCard("m", shape, "x", "x", List.of(), 1, SCHEDULER)));
        ModelInput label = ModelInput.label(3, OptionalInt.empty());
        all.add(of("card with two labels of one name", () -> card(shape, List.of(label, label), 1)));
        all.add(of("a label of no class", () -> ModelInput.label(-1, OptionalInt.empty())));
        all.add(of("null label -2", () -> ModelInput.label(3, OptionalInt.of(-2))));
        all.add(of("an input without name", () -> input(" ", Type.FLOAT32, List.of(), 0)));
        all.add(of("an input of a null name", () -> input(null, Type.FLOAT32, List.of(), 0)));
        all.add(of("an input without type", () -> input("e", null, List.of(), 0)));
        all.add(of("an input 0 wide", () -> input("e", Type.FLOAT32, List.of(2, 0), 0)));
        all.add(of("a huge input", () -> input("e", Type.FLOAT32, List.of(1 << 20, 1 << 20), 0)));
        all.add(of("a label of float32", () -> input("e", Type.FLOAT32, List.of(), 3)));
        all.add(of("a label of several", () -> input("e", Type.INT64, List.of(2), 3)));
        all.add(of("a joined number", () -> ModelInput.joined("mask")));
        all.add(of("a joined label",
                () -> new ModelInput("e", Type.INT64, List.of(1, 2), 0, OptionalInt.empty(), true)));
        all.add(of("a joined input of another size",
                () -> card(List.of(4, 8, 8), List.of(ModelInput.joined("mask", 1, 8, 9)), 1)));
        for (double guidance : NOT_FINITE) {
            all.add(of("card of guidance " + guidance, () -> card(shape, List.of(), guidance)));
        }
        return all.stream();
    }

    private static ModelCard card(List<Integer> shape, List<ModelInput> inputs, double guidance) {
        return new ModelCard("m", shape, "x", "t", inputs, guidance, SCHEDULER);
    }

    private static ModelInput input(String name, Type type, List<Integer> shape, int classes) {
        return new ModelInput(name, type, shape, classes, OptionalInt.empty());
    }

    private static Stream<Arguments> models() {
        Component good = new Component(1, new double[2], 1);
        Denoisers any = new Denoisers();
        Stream<Arguments> numbers = DoubleStream.of(NOT_POSITIVE).boxed()
                .flatMap(wrong -> Stream.of(of("weight " + wrong, () -> new Component(wrong, new double[1], 1)),
                        of("deviation " + wrong, () -> new Component(1, new double[1], wrong)),
                        of("sigmaData " + wrong, () -> new EdmPreconditioning(any.model(), wrong)),
                        of("clipping at " + wrong, () -> X0Clipping.at(any.model(), wrong))));
        Stream<Arguments> notFinite = DoubleStream.of(NOT_FINITE).boxed()
                .flatMap(wrong -> Stream.of(of("mean " + wrong, () -> new Component(1, new double[] {wrong}, 1)),
                        of("guidance " + wrong, () -> GuidanceOptions.weight(wrong)),
                        of("rescale " + wrong, () -> GuidanceOptions.weight(2).withRescale(wrong)),
                        of("percentile " + wrong, () -> X0Clipping.dynamic(any.model(), wrong, 2)),
                        of("maxRange " + wrong, () -> X0Clipping.dynamic(any.model(), 0.9, wrong)),
                        of("guided above " + wrong, () -> GuidanceOptions.weight(2).withInterval(wrong, 9))));
        Stream<Arguments> counts = IntStream.of(0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE).boxed()
                .flatMap(wrong -> Stream.of(of("batch of " + wrong, () -> new Batch(wrong)),
                        of("prepare " + wrong, () -> any.model().prepare(wrong)),
                        of("guided prepare " + wrong, () -> Guidance.of(any.model(), 2).prepare(wrong)),
                        of("shape " + wrong, () -> new GaussianMixtureDenoiser(new int[] {wrong}, List.of(good))),
                        of("threads " + wrong, () -> LoadOptions.DEFAULT.withThreads(wrong))));
        return Stream.of(numbers, notFinite, counts, Stream.of(
                of("mixture of nothing", () -> new GaussianMixtureDenoiser(new int[] {2}, List.of())),
                of("mixture of null", () -> new GaussianMixtureDenoiser(new int[] {2}, Arrays.asList(good, null))),
                of("mixture of no shape", () -> new GaussianMixtureDenoiser(new int[0], List.of(good))),
                of("mixture of another length", () -> new GaussianMixtureDenoiser(new int[] {3}, List.of(good))),
                of("shape that overflows", () -> new GaussianMixtureDenoiser(new int[] {1 << 16, 1 << 17},
                        List.of(good))),
                of("guidance of null", () -> Guidance.of(null, 2)),
                of("guidance away from null", () -> GuidanceOptions.weight(2).withUnconditional(null)),
                of("guidance on nothing", () -> GuidanceOptions.weight(2).withInterval(2, 2)),
                of("rescale 1.1", () -> GuidanceOptions.weight(2).withRescale(1.1)),
                of("inpainting of null", () -> Inpainting.of(null)),
                of("clipping of null", () -> X0Clipping.at(null, 1)),
                of("adapter of null", () -> new LevelAdapter(any.model(), null)),
                of("preconditioning of null", () -> new EdmPreconditioning(null, 1)),
                of("tolerance 2",
                        () -> DenoiserChecks.verify(any.model(), TestGrids.linear(3), Condition.none(), 2)),
                of("failure without words", () -> new ModelException(null)))).flatMap(all -> all);
    }

    /** A model is made where it is asked for, so that none is left open. */
    private static final class Denoisers {
        GaussianMixtureDenoiser model() {
            return new GaussianMixtureDenoiser(new int[] {2}, List.of(new Component(1, new double[2], 1)));
        }
    }

    private static Stream<Arguments> schedules() {
        Stream<Arguments> numbers = DoubleStream.of(NOT_POSITIVE).boxed()
                .flatMap(wrong -> Stream.of(of("limit " + wrong, () -> X0Limit.at(wrong)),
                        of("flow shift " + wrong, () -> new FlowGrid(wrong, 1000)),
                        of("flow time scale " + wrong, () -> new FlowGrid(1, wrong)),
                        of("flow path " + wrong, () -> NoisePath.flow(wrong)),
                        of("ratio " + wrong, () -> SCHEDULE.at(wrong)),
                        of("edm " + wrong, () -> NoisePath.edm().at(wrong)),
                        of("first beta " + wrong, () -> NoiseSchedule.linear(10, wrong, 0.5)),
                        of("last beta " + wrong, () -> NoiseSchedule.scaledLinear(10, 0.5, wrong)),
                        of("any beta " + wrong, () -> NoiseSchedule.ofBetas(0.1, wrong))));
        Stream<Arguments> notFinite = DoubleStream.of(NOT_FINITE).boxed()
                .flatMap(wrong -> Stream.of(of("time " + wrong, () -> new NoiseLevel(wrong, 1, 1)),
                        of("alpha " + wrong, () -> new NoiseLevel(0, wrong, 1)),
                        of("sigma " + wrong, () -> new NoiseLevel(0, 1, wrong)),
                        of("alphaBar " + wrong, () -> NoiseLevel.ofAlphaBar(0, wrong))));
        Stream<Arguments> counts = IntStream.of(0, -1, Integer.MIN_VALUE).boxed()
                .flatMap(wrong -> Stream.of(of("training steps " + wrong, () -> NoiseSchedule.squaredCosine(wrong)),
                        of("flow steps " + wrong, () -> new FlowGrid(1, 1).grid(wrong)),
                        of("steps " + wrong, () -> trained(0).grid(wrong))));
        return Stream.of(numbers, notFinite, counts, Stream.of(of("alpha -1", () -> new NoiseLevel(0, -1, 1)),
                of("neither alpha nor sigma", () -> new NoiseLevel(0, 0, 0)),
                of("percentile 2", () -> X0Limit.dynamic(2, 2)), of("maxRange 0.5", () -> X0Limit.dynamic(0.5, 0.5)),
                of("too many training steps", () -> NoiseSchedule.squaredCosine(Integer.MAX_VALUE)),
                of("no betas", () -> NoiseSchedule.ofBetas()), of("offset -1", () -> trained(-1)),
                of("offset 10", () -> trained(10)),
                of("a scheduler's offset 10",
                        () -> new SchedulerConfig(SCHEDULE, Prediction.EPSILON, Spacing.LEADING, 10,
                                FinalAlpha.ONE)),
                of("training step 10", () -> SCHEDULE.level(10)))).flatMap(all -> all);
    }

    private static TrainedGrid trained(int offset) {
        return new TrainedGrid(SCHEDULE, Spacing.LEADING, offset, Optional.empty(), FinalAlpha.ONE);
    }

    private static Stream<Arguments> runs() {
        Trajectory good = new Trajectory(List.of(LEVEL, LEVEL), new float[4]);
        return Stream.of(of("trajectory of nothing", () -> new Trajectory(List.of(), new float[4])),
                of("trajectory of a level", () -> new Trajectory(List.of(LEVEL), new float[4])),
                of("trajectory without values", () -> new Trajectory(List.of(LEVEL, LEVEL), new float[0])),
                of("trajectory of uneven rows", () -> new Trajectory(List.of(LEVEL, LEVEL), new float[3])),
                of("trajectory of null", () -> new Trajectory(Arrays.asList(LEVEL, null), new float[4])),
                of("trajectory without array", () -> new Trajectory(List.of(LEVEL, LEVEL), null)),
                of("warm start of 0 rows", () -> FirstGuess.warmStart(good, 0)),
                of("warm start of 2 rows of 1", () -> FirstGuess.warmStart(good, 2)),
                of("request without condition", () -> Request.seed(1).withCondition(null)),
                of("request of label -1", () -> Request.seed(1).withLabel(-1)),
                of("-1 rounds", () -> stats(-1, 0, UpdateCounts.NONE, 0)),
                of("residual -1", () -> stats(1, -1, UpdateCounts.NONE, 0)),
                of("no updates", () -> stats(1, 0, null, 0)),
                of("NaN seconds", () -> stats(1, 0, UpdateCounts.NONE, Double.NaN)),
                of("-1 updates", () -> new UpdateCounts(-1, 0, 0, 0)),
                of("timeout 0", () -> RunOptions.defaults().withTimeout(Duration.ZERO)),
                of("timeout -1", () -> RunOptions.defaults().withTimeout(Duration.ofSeconds(-1))),
                of("no cancellation", () -> RunOptions.defaults().withCancellation(null)),
                of("no listener", () -> RunOptions.defaults().withListener(null)));
    }

    private static Stats stats(int rounds, double residual, UpdateCounts updates, double seconds) {
        return new Stats(rounds, 1, 1, 1, residual, updates, List.of(), seconds, 0, 0);
    }

    private static Arguments of(String what, Executable call) {
        return Arguments.of(what, call);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"conditions", "cards", "models", "schedules", "runs"})
    void isRefused(String what, Executable call) {
        try {
            call.execute();
        } catch (IllegalArgumentException e) {
            assertTrue(e.getMessage() != null && e.getMessage().length() > 8, what);
            return;
        } catch (NullPointerException e) {
            assertTrue(what.contains("null") || what.contains("no") || what.contains("without"), what);
            return;
        } catch (Throwable e) {
            fail(what + " ends in " + e);
        }
        fail(what + " was taken");
    }
}
