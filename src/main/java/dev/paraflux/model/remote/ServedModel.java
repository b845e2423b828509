package dev.paraflux.model.remote;

import dev.paraflux.json.Description;
import dev.paraflux.model.ModelIdentity;
import dev.paraflux.model.Precision;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.model.remote.protocol.ModelMetadataResponse;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What a worker says of its model, apart from its tensors: what model it is, and what its last bits depend on. Workers of
 * one service must say the same. In the protocol's metadata these are properties, of which other servers have none.
 *
 * @param properties ours
 * @param platform   what runs it
 * @param output     what it calls its answer
 */
record ServedModel(Map<String, String> properties, String platform, String output) {
    private static final String OURS = "paraflux.";
    private static final String SHA256 = OURS + ModelIdentity.SHA256;
    private static final String KIND = OURS + "kind";
    private static final String NAME = OURS + "name";
    private static final String PRECISION = OURS + "precision";
    private static final String ARITHMETIC = OURS + "arithmetic";

    static Map<String, String> properties(PretrainedDenoiser model) {
        Map<String, String> properties = new TreeMap<>();
        properties.put(KIND, model.identity().model().kind());
        properties.put(NAME, model.card().name());
        properties.put(SHA256, model.identity().model().settings().get(ModelIdentity.SHA256).toString());
        properties.put(PRECISION, model.precision().toString());
        properties.put(ARITHMETIC, model.runtime() + ", calls cut for " + model.mostReplicas() + " replicas");
        return properties;
    }

    static ServedModel of(ModelMetadataResponse said) {
        Map<String, String> ours = new TreeMap<>();
        said.getPropertiesMap().forEach((key, value) -> {
            if (key.startsWith(OURS)) {
                ours.put(key, value);
            }
        });
        return new ServedModel(ours, said.getPlatform(), said.getOutputs(0).getName());
    }

    /** Digest of the weights; empty where the server tells none. */
    String sha256() {
        return properties.getOrDefault(SHA256, "");
    }

    /** By how much it rounds. */
    double rounding() {
        String name = properties.getOrDefault(PRECISION, "");
        for (Precision precision : Precision.values()) {
            if (precision != Precision.FLOAT32 && precision.toString().equals(name)) {
                return precision.rounding();
            }
        }
        return 0;
    }

    /** As the model would say of itself where it is; of another server's, what that calls it. */
    ModelIdentity identity(String service) {
        if (sha256().isEmpty()) {
            return ModelIdentity.of(Description.of("remote").with("name", service).with("platform", platform));
        }
        Description own = Description.of(properties.getOrDefault(KIND, "remote"))
                .with("name", properties.getOrDefault(NAME, service)).with(ModelIdentity.SHA256, sha256());
        String precision = properties.getOrDefault(PRECISION, "");
        return ModelIdentity.of(precision.isEmpty() || precision.equals(Precision.FLOAT32.toString()) ? own
                : own.with("precision", precision));
    }

    /** Why this cannot stand beside another, or null: rows would have other bits. */
    String difference(ServedModel other, String otherWorker) {
        for (String key : properties.keySet()) {
            String here = properties.get(key);
            String there = other.properties.get(key);
            if (!Objects.equals(here, there)) {
                return "its model's " + key.substring(OURS.length()) + " is " + here + ", and that of " + otherWorker
                        + " " + (there == null ? "is not told" : there)
                        + ": must be the same, or the bits of a row would"
                        + " depend on who evaluates it";
            }
        }
        return properties.size() == other.properties.size() && platform.equals(other.platform) ? null
                : "its platform is " + platform + ", and that of " + otherWorker + " " + other.platform
                        + ": must be the same";
    }
}
