package dev.paraflux.examples;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.demo.DemoModel;
import dev.paraflux.io.ImageGrid;
import dev.paraflux.model.around.Guidance;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import java.nio.file.Path;

public class Three {
    public static void main(String[] arguments) throws Exception {
        try (PretrainedDenoiser model = DemoModel.load();
                Guidance guided = Guidance.of(model, 2);
                Sampler sampler = Sampler.builder(guided, model.card().scheduler().grid(25)).build()) {
            Sample three = sampler.sample(Request.seed(43).withLabel(3));
            System.out.println(three.status() + ", " + three.stats().rounds() + " rounds");
            new ImageGrid(1, 28, 28, 1, 4).write(Path.of("three.png"), three.values());
        }
    }
}
