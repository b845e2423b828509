package dev.paraflux.model.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import dev.paraflux.device.Queue;
import dev.paraflux.model.UnwantedException;
import dev.paraflux.model.pretrained.Arguments;
import dev.paraflux.model.pretrained.KeptPlaces;
import dev.paraflux.model.pretrained.ModelCall;
import dev.paraflux.model.pretrained.ModelInput;
import dev.paraflux.model.pretrained.RefusedCall;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** The tensors of one batch size: made once, over the arguments and, for the places met last, the caller's rows. */
final class OnnxCall implements ModelCall {
    private final OnnxSession session;
    private final String name;
    private final long[] shape;
    private final Termination termination = new Termination();
    private final Map<String, OnnxTensor> others = new LinkedHashMap<>();
    private final KeptPlaces<OnnxPlace> places = new KeptPlaces<>(this::place);

    OnnxCall(OnnxSession session, Arguments arguments) {
        this.session = session;
        name = "model " + arguments.card().name();
        shape = OnnxShapes.of(arguments.rows(), arguments.card().shape());
        try {
            others.put(session.nameOf(arguments.card().t()), session.times(arguments.times(), arguments.rows()));
            for (int k = 0; k < arguments.card().inputs().size(); k++) {
                ModelInput input = arguments.card().inputs().get(k);
                others.put(session.nameOf(input.name()), tensor(arguments, k, input));
            }
        } catch (OrtException e) {
            close();
            throw RefusedCall.failed(OnnxWords.of(e), OnnxWords.told(e));
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private static OnnxTensor tensor(Arguments arguments, int k, ModelInput input) throws OrtException {
        long[] sizes = OnnxShapes.of(arguments.rows(), input.shape());
        return input.type() == ModelInput.Type.FLOAT32
                ? OnnxTensor.createTensor(OnnxLibrary.environment(), arguments.values(k).asFloatBuffer(), sizes)
                : OnnxTensor.createTensor(OnnxLibrary.environment(), arguments.values(k).asLongBuffer(), sizes);
    }

    @Override
    public void run(long statesAt, long predictionsAt, Queue queue, BooleanSupplier unwanted) {
        OnnxPlace place = places.at(statesAt, predictionsAt);
        OrtException failure = null;
        boolean ended;
        try {
            session.run(place.given(), place.asked(), termination.begin(unwanted));
        } catch (OrtException e) {
            failure = e;
        } finally {
            ended = termination.end();
        }
        if (failure == null) {
            return;
        }
        session.target().settle();
        if (!ended) {
            if (!session.target().isHost() && OnnxWords.areOfMemory(failure)) {
                // Fewer rows may fit.
                throw new OutOfMemoryError(name + ": " + OnnxWords.of(failure));
            }
            throw RefusedCall.failed(OnnxWords.of(failure), OnnxWords.told(failure));
        }
        // A condition that throws has ended it as well: what it throws is the caller's.
        unwanted.getAsBoolean();
        throw new UnwantedException();
    }

    private OnnxPlace place(long statesAt, long predictionsAt) {
        try {
            return new OnnxPlace(session, statesAt, predictionsAt, shape, others);
        } catch (OrtException e) {
            throw RefusedCall.failed(OnnxWords.of(e), OnnxWords.told(e));
        }
    }

    @Override
    public void close() {
        places.close();
        others.values().forEach(OnnxTensor::close);
        termination.close();
    }
}
