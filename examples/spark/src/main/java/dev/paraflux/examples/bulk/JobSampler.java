package dev.paraflux.examples.bulk;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.Status;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.demo.DemoModel;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.ModelException;
import dev.paraflux.model.ModelIdentity;
import dev.paraflux.model.around.Guidance;
import dev.paraflux.model.file.ModelFile;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.schedule.SchedulerConfig;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.SchedulerSolver;
import dev.paraflux.solver.Solver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** The model and the sampler of an executor, which all its tasks share; loaded when the first one asks. */
final class JobSampler {
    private static JobSampler current;

    private final Job job;
    private final PretrainedDenoiser model;
    private final Denoiser around;
    private final Sampler sampler;

    private JobSampler(Job job) throws IOException {
        this.job = job;
        model = job.model() == null ? DemoModel.load()
                : JobOptions.named(job.model(), () -> ModelFile.load(Path.of(job.model())));
        try {
            Object weights = model.identity().model().settings().get(ModelIdentity.SHA256);
            Require.that(job.sha256().equals(weights), "weights of --model", weights,
                    job.sha256() + ", as the driver's");
            String card = JobOptions.digest(JobOptions.cardJson(job.model()));
            Require.that(job.card().equals(card), "card of --model", card, job.card() + ", as the driver's");
            model.setReplicas(job.replicas());
            Denoiser guided = job.guidance() == 1 ? model : Guidance.of(model, job.guidance());
            SchedulerConfig scheduler = model.card().scheduler();
            TimeGrid grid = scheduler.grid(job.steps());
            Solver solver = SchedulerSolver.of(scheduler);
            around = SchedulerSolver.around(guided, scheduler, grid, solver);
            sampler = Sampler.builder(around, grid).solver(solver).method(job.method().method())
                    .maxSamples(job.atOnce()).build();
        } catch (RuntimeException | Error | IOException e) {
            model.close();
            throw e;
        }
    }

    /**
     * The one of this virtual machine, for a job.
     *
     * @throws IOException           if the model is not here
     * @throws IllegalValueException if it is another one than the driver's
     */
    static synchronized JobSampler of(Job job) throws IOException {
        if (current == null || !current.job.equals(job)) {
            end();
            current = new JobSampler(job);
        }
        return current;
    }

    /** Closes the sampler and the model of this virtual machine, if there are any. */
    static synchronized void end() {
        if (current != null) {
            current.sampler.close();
            current.around.close();
            current.model.close();
            current = null;
        }
    }

    /** What the last bits depend on besides the job: the library, what runs the model, and its precision. */
    String evaluatedBy() {
        return "Paraflux "
                + Objects.requireNonNullElse(Sampler.class.getPackage().getImplementationVersion(), "built here")
                + ", " + model.evaluatedBy();
    }

    /** The model's shape. */
    int[] shape() {
        return model.shape();
    }

    /** Takes the memory for as many samples as are drawn at once, and checks what they ask for. */
    synchronized void warmUp() {
        sampler.warmUp(job.requests(0, Math.min(job.atOnce(), job.seeds().count())).toArray(Request[]::new));
    }

    /**
     * Draws samples, from one to the one before another, all in one call that shares its rounds with no other one: the
     * bits of a batch are those of its rows alone.
     */
    synchronized List<Sample> draw(int from, int to) throws InterruptedException {
        List<Sample> samples;
        try {
            samples = sampler.sample(job.requests(from, to));
        } catch (ModelException e) {
            throw new IllegalStateException("seeds " + job.seed(from) + "-" + job.seed(to - 1) + ": " + e.getMessage(),
                    e);
        }
        if (samples.stream().anyMatch(sample -> sample.status() == Status.CANCELLED)) {
            throw new InterruptedException("stopped at seeds " + job.seed(from) + "-" + job.seed(to - 1));
        }
        return samples;
    }
}
