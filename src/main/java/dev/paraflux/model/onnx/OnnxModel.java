package dev.paraflux.model.onnx;

import dev.paraflux.device.Device;
import dev.paraflux.model.Precision;
import dev.paraflux.model.pretrained.Arguments;
import dev.paraflux.model.pretrained.Batching;
import dev.paraflux.model.pretrained.LoadedModel;
import dev.paraflux.model.pretrained.ModelCall;
import java.nio.file.Path;
import java.util.List;

/** A graph in a session of ONNX Runtime, which all threads share. */
final class OnnxModel implements LoadedModel {
    /** A row alone costs a fifth more than one of two, and a thread of its own costs less. */
    private static final int ROWS_A_THREAD = 1;
    /** From so many rows on a row costs within a twentieth of the least, and from 48 on more again. */
    private static final int QUICK_ROWS = 16;
    /** Of small rows more are taken at once, since a call itself costs something. */
    private static final int QUICK_VALUES = 12288;
    /** The first run of a size takes no longer than others: there is nothing to warm up. */
    static final Batching BATCHING = Batching.ANY.parts(ROWS_A_THREAD, QUICK_ROWS, QUICK_VALUES);

    /** On a device the first run of a size plans its convolutions, and takes the memory that later ones find. */
    static final int WARM_UPS_ON_A_DEVICE = 1;

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
    public Device device() {
        return session.target().device();
    }

    /** ONNX Runtime brings rows to its device, and back. */
    @Override
    public Device rowDevice() {
        return Device.cpu();
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
