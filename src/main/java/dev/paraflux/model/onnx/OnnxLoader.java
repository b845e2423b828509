package dev.paraflux.model.onnx;

import ai.onnxruntime.OrtException;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.model.Batch;
import dev.paraflux.model.Precision;
import dev.paraflux.model.pretrained.Batching;
import dev.paraflux.model.pretrained.LoadOptions;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.pretrained.ModelInput;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/** Makes a model of a graph: holds it to its card, and finds the best way to give it its times. */
final class OnnxLoader {
    private final OnnxGraph graph;
    private final ModelCard card;
    private final LoadOptions options;
    private final OnnxTarget target;
    private ExternalWeights weights;

    /** @param target where it is to work */
    OnnxLoader(OnnxGraph graph, ModelCard card, LoadOptions options, OnnxTarget target) {
        this.graph = graph;
        this.card = card;
        this.options = options;
        this.target = target;
    }

    /**
     * Loads it.
     *
     * @throws IOException           if a file is missing, or ONNX Runtime cannot run the graph
     * @throws IllegalValueException if the card does not name what the graph takes
     */
    OnnxModel load() throws IOException {
        requireNames();
        GraphValue x = graph.input(card.x());
        require(x.type().isFloating() && x.takes(card.shapeOfX()), "shape", card.shapeOfX(), x);
        for (ModelInput input : card.unjoined()) {
            GraphValue declared = graph.input(input.name());
            require(declared.type().takes(input.type()) && declared.takes(input.shape()), "inputs " + input.name(),
                    input.type().name().toLowerCase(java.util.Locale.ROOT) + " [rows" + sizes(input.shape()) + "]",
                    declared);
        }
        GraphValue time = graph.input(card.t());
        if (!time.type().isFloating() && !time.type().isWhole()) {
            throw illegal("takes a number as time, and not " + time);
        }
        if (!graph.output().type().isFloating()) {
            throw illegal("answers a prediction first, float32 or float16, and not " + graph.output());
        }
        Precision precision = WeightTypes.precision(graph, x, options.precision());
        weights = ExternalWeights.of(graph);
        return open(x, time, precision);
    }

    private static String sizes(List<Integer> shape) {
        StringBuilder text = new StringBuilder();
        shape.forEach(size -> text.append(", ").append(size));
        return text.toString();
    }

    private void requireNames() {
        List<String> named = Stream.concat(Stream.of(card.x(), card.t()),
                card.unjoined().stream().map(ModelInput::name)).toList();
        List<String> taken = graph.inputs().stream().map(GraphValue::name).toList();
        if (!taken.containsAll(named) || !named.containsAll(taken)) {
            throw new IllegalValueException("inputs", named, "the names of what the graph takes, x and t first: "
                    + graph.words()).in(place());
        }
    }

    private void require(boolean holds, String key, Object value, GraphValue declared) {
        if (!holds) {
            throw new IllegalValueException(key, value, "what the graph declares: " + declared).in(place());
        }
    }

    private IllegalValueException illegal(String what) {
        return new IllegalValueException("model", graph.file(), "a graph that " + what);
    }

    private String place() {
        return "card of model " + graph.file();
    }

    private OnnxModel open(GraphValue x, GraphValue time, Precision precision) throws IOException {
        TimePath path = TimePath.of(graph, time);
        int rows = (int) Math.min(Batch.MAX_ROWS, x.fixedRows());
        TimeForm last = null;
        OrtException failure = null;
        for (TimeForm form : TimeForm.of(time, path, rows)) {
            try {
                OnnxSession session = OnnxSession.open(graph, card, weights, path, form, target);
                boolean kept = false;
                try {
                    kept = new TimeProbe(session, card, rows == 0 ? 2 : rows).holds(precision);
                } catch (OrtException e) {
                    requireOfGraph(e);
                    last = last == null || last.given() == TimeForm.Given.EACH ? form : last;
                } finally {
                    if (!kept) {
                        session.close();
                    }
                }
                if (kept) {
                    return model(session, path, batching(rows, form), precision);
                }
            } catch (OrtException e) {
                requireOfGraph(e);
                failure = e;
            }
        }
        if (last == null) {
            throw refusal(failure);
        }
        return alone(path, last, precision);
    }

    /** Ends it where the device is at fault, or full: no other form of times would help. */
    private void requireOfGraph(OrtException failure) throws IOException {
        if (!target.isHost() && (OnnxWords.areOfDevice(failure) || OnnxWords.areOfMemory(failure))) {
            throw refusal(failure);
        }
    }

    private IOException refusal(OrtException failure) {
        return OnnxWords.refusal(graph.file(), target, failure);
    }

    /** Two rows it does not take: it may have been exported for one. What else is wrong is told when it is tried. */
    private OnnxModel alone(TimePath path, TimeForm form, Precision precision) throws IOException {
        try {
            OnnxSession session = OnnxSession.open(graph, card, weights, path, form, target);
            return model(session, path, batching(1, form), precision);
        } catch (OrtException e) {
            throw new IOException("model file " + graph.file() + " cannot be loaded a second time: " + OnnxWords.of(e),
                    e);
        }
    }

    private OnnxModel model(OnnxSession session, TimePath path, Batching batching, Precision precision) {
        TimeForm form = session.form();
        boolean whole = form.cast() && graph.input(card.t()).type().isWhole() || path.rounds(path.inTheWay(form));
        return new OnnxModel(session, target.isHost() ? batching : batching.warmedUp(OnnxModel.WARM_UPS_ON_A_DEVICE),
                precision, weights.filesOfModel(), whole);
    }

    /** @param rows that a run has always; 0 if it can have any number */
    private Batching batching(int rows, TimeForm form) {
        long bytes = (long) Float.BYTES * OnnxShapes.values(OnnxShapes.of(1, card.shape()));
        // ONNX Runtime is given buffers of Java's, which can be so long.
        int most = (int) Math.max(1, Math.min(Batch.MAX_ROWS, Integer.MAX_VALUE / bytes));
        Batching batching = rows == 0 ? OnnxModel.BATCHING.within(1, most) : OnnxModel.BATCHING.within(rows, rows);
        return rows == 1 || form.given() == TimeForm.Given.EACH ? batching : batching.atOneTime();
    }
}
