package dev.paraflux.model.torch;

import dev.paraflux.model.file.ModelFile;
import dev.paraflux.model.pretrained.ModelCard;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.QualifiedName;

/** TorchScript modules of a line each, written to files with their cards. */
public final class TestModules {
    /** x is [batch, 2, 3, 5] everywhere. */
    public static final String SHAPE = "[2, 3, 5]";

    private TestModules() {}

    /** {@code forward(x, t)}. */
    public static Path plain(Path folder) throws IOException {
        return write(folder, "plain", "def forward(self, x, t):\n    return 0.5 * x + 0.001 * t.reshape(-1, 1, 1, 1)",
                card("[\"x\", \"t\"]", SHAPE, "epsilon", ""));
    }

    /** {@code forward(x, t, label)}; label 3 is the null label. */
    public static Path labelled(Path folder) throws IOException {
        return write(folder, "labelled",
                "def forward(self, x, t, label):\n    return x + label.to(x.dtype).reshape(-1, 1, 1, 1)",
                card("[\"x\", \"t\", \"label\"]", SHAPE, "epsilon", "\"labels\": 3, \"nullLabel\": 3,"));
    }

    /** {@code forward(x, t, encoder_hidden_states)}, of 2 tokens of width 4. */
    public static Path embedded(Path folder) throws IOException {
        return write(folder, "embedded",
                "def forward(self, x, t, e):\n    return x + e[:, 1, 2].reshape(-1, 1, 1, 1)",
                card("[\"x\", \"t\", \"encoder_hidden_states\"]", SHAPE, "v_prediction", "\"embedding\": [2, 4],"));
    }

    /** {@code forward(x, t)} that doubles x in place. */
    public static Path changing(Path folder) throws IOException {
        return write(folder, "changing", "def forward(self, x, t):\n    x *= 2\n    return x + 1",
                card("[\"x\", \"t\"]", SHAPE, "epsilon", ""));
    }

    /** A module of one method. */
    public static Path write(Path folder, String name, String forward, String card) throws IOException {
        TorchLibrary.require();
        Path file = folder.resolve(name + ".pt");
        try (JitModule module = new JitModule(new QualifiedName("__torch__." + name))) {
            module.define(forward + "\n");
            module.save(file.toString());
        }
        Files.writeString(ModelCard.beside(file), card);
        return file;
    }

    /** A card. */
    public static String card(String inputs, String shape, String prediction, String more) {
        return """
                {"format": 1, "name": "test", "shape": %s, "inputs": %s, %s
                 "scheduler": {"beta_schedule": "linear", "prediction_type": "%s", "clip_sample": false}}
                """.formatted(shape, inputs, more, prediction);
    }

    /** A model whose calls one thread makes, rows of a call together. */
    public static PretrainedDenoiser alone(Path file) throws IOException {
        PretrainedDenoiser model = ModelFile.load(file);
        model.setReplicas(1);
        return model;
    }
}
