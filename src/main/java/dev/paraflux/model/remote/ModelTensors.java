package dev.paraflux.model.remote;

import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.pretrained.ModelInput;
import dev.paraflux.model.remote.protocol.ModelInferRequest;
import dev.paraflux.model.remote.protocol.ModelInferRequest.InferInputTensor;
import dev.paraflux.model.remote.protocol.ModelInferResponse;
import dev.paraflux.model.remote.protocol.ModelInferResponse.InferOutputTensor;
import dev.paraflux.model.remote.protocol.ModelMetadataResponse.TensorMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A model's tensors as the protocol names them: x, t and the card's inputs, each [rows, its shape], and what it answers. */
final class ModelTensors {
    /** Field numbers of raw tensors, which generated code does not read. */
    static final int RAW_INPUTS = ModelInferRequest.RAW_INPUT_CONTENTS_FIELD_NUMBER;
    static final int RAW_OUTPUTS = ModelInferResponse.RAW_OUTPUT_CONTENTS_FIELD_NUMBER;
    /** What a worker of ours calls its answer. */
    static final String ANSWER = "prediction";

    private static final String FLOAT32 = "FP32";
    private static final String INT64 = "INT64";

    private final List<Tensor> inputs = new ArrayList<>();
    private final Tensor answer;

    /**
     * A tensor.
     *
     * @param shape of a row
     * @param bytes of a row
     */
    record Tensor(String name, String type, List<Integer> shape, int bytes) {
        private List<Long> of(int rows) {
            List<Long> sizes = new ArrayList<>(List.of((long) rows));
            shape.forEach(size -> sizes.add((long) size));
            return sizes;
        }

        TensorMetadata metadata() {
            return TensorMetadata.newBuilder().setName(name).setDatatype(type).addAllShape(of(-1)).build();
        }

        /** Whether a number of rows of it is what a message says. */
        boolean is(String otherType, List<Long> otherShape, int rows) {
            return type.equals(otherType) && of(rows).equals(otherShape);
        }

        /** Whether what a server says of a tensor is this one: sizes below 0 are any. */
        boolean isServed(TensorMetadata found) {
            boolean same = type.equals(found.getDatatype()) && found.getShapeCount() == 1 + shape.size()
                    && found.getShape(0) < 0;
            for (int k = 0; same && k < shape.size(); k++) {
                same = found.getShape(1 + k) < 0 || found.getShape(1 + k) == shape.get(k);
            }
            return same;
        }

        static String words(TensorMetadata found) {
            return found.getDatatype() + " " + found.getShapeList();
        }

        @Override
        public String toString() {
            return type + " " + of(-1);
        }
    }

    ModelTensors(ModelCard card) {
        inputs.add(new Tensor(card.x(), FLOAT32, card.shape(), card.dim() * Float.BYTES));
        inputs.add(new Tensor(card.t(), FLOAT32, List.of(), Float.BYTES));
        for (ModelInput input : card.inputs()) {
            inputs.add(new Tensor(input.name(), input.type() == ModelInput.Type.INT64 ? INT64 : FLOAT32, input.shape(),
                    input.values() * input.type().bytes()));
        }
        answer = new Tensor(ANSWER, FLOAT32, card.shape(), card.dim() * Float.BYTES);
    }

    /** What the model takes: x, t, and the card's inputs in their order. */
    List<Tensor> inputs() {
        return inputs;
    }

    /** What it answers. */
    Tensor answer() {
        return answer;
    }

    /** Bytes of a row that travel: its state, time and condition on the way there, its prediction on the way back. */
    long rowBytes() {
        return inputs.stream().mapToLong(Tensor::bytes).sum() + answer.bytes();
    }

    /** All of a request but its raw tensors, which are those of {@link #inputs} in their order. */
    byte[] requestHead(String model, String version, String output, int rows) {
        ModelInferRequest.Builder request = ModelInferRequest.newBuilder().setModelName(model)
                .setModelVersion(version);
        for (Tensor input : inputs) {
            request.addInputs(InferInputTensor.newBuilder().setName(input.name).setDatatype(input.type)
                    .addAllShape(input.of(rows)));
        }
        if (!output.isEmpty()) {
            request.addOutputsBuilder().setName(output);
        }
        return request.build().toByteArray();
    }

    /** All of an answer but its raw tensor. */
    byte[] responseHead(String model, String id, int rows) {
        return ModelInferResponse.newBuilder().setModelName(model).setId(id)
                .addOutputs(InferOutputTensor.newBuilder().setName(answer.name).setDatatype(answer.type)
                        .addAllShape(answer.of(rows)))
                .build().toByteArray();
    }

    /** What is wrong with an answer to so many rows, or null. */
    String fault(ModelInferResponse response, int rows) {
        if (response.getOutputsCount() == 0) {
            return "it answers no tensor";
        }
        InferOutputTensor output = response.getOutputs(0);
        return answer.is(output.getDatatype(), output.getShapeList(), rows) ? null
                : "it answers " + output.getDatatype() + " " + output.getShapeList() + ": must be " + answer.type + " "
                        + answer.of(rows);
    }

    /** What differs between a served model and this, or null. */
    String difference(List<TensorMetadata> servedInputs, List<TensorMetadata> servedOutputs) {
        for (Tensor input : inputs) {
            TensorMetadata found = servedInputs.stream().filter(one -> one.getName().equals(input.name)).findFirst()
                    .orElse(null);
            if (found == null || !input.isServed(found)) {
                return "input " + input.name + " of its model is "
                        + (found == null ? "not there" : Tensor.words(found)) + ": must be " + input;
            }
        }
        for (TensorMetadata found : servedInputs) {
            if (inputs.stream().noneMatch(input -> input.name.equals(found.getName()))) {
                return "its model takes input " + found.getName() + ", which the card does not name";
            }
        }
        if (servedOutputs.isEmpty() || !answer.isServed(servedOutputs.get(0))) {
            return "its model answers " + (servedOutputs.isEmpty() ? "nothing" : Tensor.words(servedOutputs.get(0)))
                    + ": must be " + answer;
        }
        return null;
    }

    /** The tensor of a name, or null. */
    Tensor input(String name) {
        return inputs.stream().filter(one -> Objects.equals(one.name, name)).findFirst().orElse(null);
    }
}
