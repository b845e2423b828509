package dev.paraflux.examples.bulk;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Reason;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.deploy.SparkHadoopUtil;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The job: each executor draws its share of the seeds by one sampler, and writes it into files of its own. */
@Command(name = "bulk", sortOptions = false,
        description = "Draws one sample a seed, on all executors of a Spark cluster, into Parquet files.",
        footer = {
                "Exit codes: 0 done; 1 failed, and the same command goes on; 2 something given cannot be used, and nothing"
                        + " was written."})
public final class BulkCommand implements Callable<Integer> {
    @Mixin
    private JobOptions options;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Prints this.")
    private boolean help;

    @Spec
    private CommandSpec spec;

    private boolean claimed;

    private BulkCommand() {}

    /** Runs the job, and ends the virtual machine with its exit code. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new BulkCommand()).setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((refusal, given) -> refuse(refusal))
                .setExecutionExceptionHandler((failure, command, given) -> command
                        .<BulkCommand>getCommand().fail(failure))
                .execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter says = spec.commandLine().getOut();
        Job job = options.job();
        SparkConf conf = options.spark();
        JobFolder folder = new JobFolder(options.out(), SparkHadoopUtil.get().newConfiguration(conf));
        List<Integer> missing = folder.missing(job);
        if (!missing.isEmpty()) {
            says.println(missing.size() + " of " + job.files() + " files to draw");
            says.flush();
            try (JavaSparkContext spark = start(conf)) {
                folder.claim(job, Executors.check(spark, job));
                claimed = true;
                String out = folder.uri();
                Drawn drawn = spark.parallelize(missing, missing.size()).map(file -> draw(out, job, file))
                        .reduce(Drawn::and);
                says.println("drew " + drawn.samples() + " samples, " + drawn.solved() + " of them solved");
            } finally {
                JobSampler.end();
            }
        }
        folder.complete(job);
        says.println(options.out() + ": seeds " + job.seeds() + " in " + job.files() + " files");
        return CommandLine.ExitCode.OK;
    }

    private static JavaSparkContext start(SparkConf conf) throws IOException {
        try {
            return new JavaSparkContext(conf);
        } catch (Exception e) {
            throw new IOException("--master " + conf.get("spark.master") + ": " + Reason.of(e), e);
        }
    }

    private static Drawn draw(String out, Job job, int file) throws IOException, InterruptedException {
        return new JobFolder(out, SparkHadoopUtil.get().conf()).draw(job, file);
    }

    private static int refuse(ParameterException refusal) {
        Throwable cause = refusal.getCause();
        refusal.getCommandLine().getErr()
                .println("bulk: " + (cause instanceof IllegalValueException ? cause : refusal).getMessage());
        return CommandLine.ExitCode.USAGE;
    }

    private int fail(Exception failure) {
        spec.commandLine().getErr().println("bulk: " + Reason.of(failure));
        boolean refused = failure instanceof IllegalValueException || failure instanceof IOException;
        return refused && !claimed ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE;
    }
}
