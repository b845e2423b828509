package dev.paraflux.cli.command;

import dev.paraflux.Cancellation;
import dev.paraflux.cli.option.FitOptions;
import dev.paraflux.cli.option.Loaded;
import dev.paraflux.cli.option.ModelOptions;
import dev.paraflux.cli.option.Outputs;
import dev.paraflux.cli.report.FitProgress;
import dev.paraflux.cli.report.FitReport;
import dev.paraflux.cli.report.Page;
import dev.paraflux.device.Device;
import dev.paraflux.iia.IiaCoefficients;
import dev.paraflux.iia.IiaFitter;
import dev.paraflux.json.JsonWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code paraflux fit}: the coefficients that correct a solver's few steps. */
@Command(name = "fit", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
        abbreviateSynopsis = true,
        description = {
                "Fits coefficients that correct the steps of a solver (IIA), so that few steps end nearer to where"
                        + " many would. Corrected steps take no more evaluations. The coefficients hold for this model,"
                        + " solver, grid and guidance alone: sample and compare take them with --iia.",
                "A step stays as it is where correcting it does not bring held-out samples nearer to the fine ones."})
public final class FitCommand implements Callable<Integer> {
    private final Cancellation interrupt;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions model;

    @Mixin
    private FitOptions settings;

    @Option(names = "--out", paramLabel = "FILE.json", defaultValue = "coeffs.json",
            description = "The coefficients. Default: ${DEFAULT-VALUE}.")
    private Path file;

    @Option(names = "--report", paramLabel = "FILE.html",
            description = "Also write a page to look at: what each step gained. It needs no other file.")
    private Path page;

    @Option(names = "--json", description = "Print one JSON object about the fit, and nothing else.")
    private boolean json;

    /** @param interrupt ends what is under way */
    public FitCommand(Cancellation interrupt) {
        this.interrupt = interrupt;
    }

    /** What cannot be used is refused before any work, and cheap checks come before the model is loaded. */
    @Override
    public Integer call() throws IOException {
        settings.check();
        Outputs.check("fit --out", file, model.files());
        if (page != null) {
            Map<String, Path> others = new HashMap<>(model.files());
            others.put("--out", file);
            Outputs.check("--report", page, others);
        }
        model.read(() -> FitOptions.STEPS_BY_DEFAULT);
        settings.requireSuits(model);
        model.checkSteps((grid, solver) -> grid);
        try (Loaded loaded = model.load()) {
            return fit(loaded);
        } catch (CancellationException e) {
            return ExitCodes.cancelled(spec.commandLine(), json, e);
        }
    }

    private int fit(Loaded loaded) throws IOException {
        FitReport report = new FitReport(file);
        IiaCoefficients coefficients;
        long begin = System.nanoTime();
        try (FitProgress progress = new FitProgress(spec.commandLine().getErr(), settings.corrections().size())) {
            IiaFitter.Builder fitter = IiaFitter.builder(loaded.clipped(), loaded.steps().grid())
                    .scheduler(model.fittedScheduler()).cancellation(interrupt)
                    .listener((correction, step, steps, result) -> {
                        report.onStep(correction, step, steps, result);
                        progress.onStep(correction, step, steps, result);
                    });
            coefficients = settings.apply(fitter, model, loaded).fit();
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        Outputs.write(() -> coefficients.write(file));
        if (page != null) {
            report.write(page, coefficients, seconds, facts(loaded, coefficients),
                    Page.machine(Version.text(), Device.cpu()));
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(json ? JsonWriter.line(report.toMap(coefficients, seconds)) : report.text(coefficients, seconds));
        if (page != null && !json) {
            out.println(page + ": a page to look at");
        }
        return CommandLine.ExitCode.OK;
    }

    private Map<String, String> facts(Loaded loaded, IiaCoefficients found) {
        Map<String, String> facts = Page.asked(spec.commandLine().getParseResult().originalArgs(), loaded.facts());
        facts.put("fine steps",
                found.calibration().fineLevels().size() - 1 + " of " + found.calibration().fineSolver());
        facts.put("fitted to",
                found.calibration().samples() + " samples, from seed " + found.calibration().firstSeed());
        facts.put("held out", found.calibration().heldOut() + " samples");
        return facts;
    }
}
