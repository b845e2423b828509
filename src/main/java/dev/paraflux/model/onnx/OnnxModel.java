package dev.paraflux.model.onnx;

import dev.paraflux.model.Precision;
import dev.paraflux.model.pretrained.Arguments;
import dev.paraflux.model.pretrained.Batching;
import dev.paraflux.model.pretrained.LoadedModel;
import dev.paraflux.model.pretrained.ModelCall;
import java.nio.file.Path;
import java.util.List;

/** A graph in a session of ONNX Runtime, which all threads share. */
final class OnnxModel implements LoadedModel {
    /** A row alone costs hardly more than one of two. */
    private static final int WORTH = 1;
    private static final int QUICK = 12;
    private static final int QUICK_VALUES = 8192;
    static final Batching BATCHING = Batching.ANY.parts(WORTH, QUICK, QUICK_VALUES);

    private final OnnxSession session;
    private final Batching batching;
    private final Precision precision;
    private final List<Path> files;
    private final boolean wholeTimes;

    OnnxModel(OnnxSession session, Batching batching, Precision precision, List<Path> files, boolean wholeTimes) {
        this.session = session;
        this.batching = batching;
        this.precision = precision;
        this.files = files;
        this.wholeTimes = wholeTimes;
    }

    @Override
    public Batching batching() {
        return batching;
    }

    @Override
    public Precision precision() {
        return precision;
    }

    @Override
    public List<Path> files() {
        return files;
    }

    @Override
    public boolean takesWholeTimes() {
        return wholeTimes;
    }

    @Override
    public ModelCall call(Arguments arguments) {
        return new OnnxCall(session, arguments);
    }

    @Override
    public void close() {
        session.close();
    }
}
