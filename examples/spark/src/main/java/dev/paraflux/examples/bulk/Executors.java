package dev.paraflux.examples.bulk;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Reason;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;

/** What executors say before there is anything to write. */
final class Executors {
    private Executors() {}

    /**
     * Loads the model on every executor that is there.
     *
     * @return what evaluates it, the same everywhere
     * @throws IllegalValueException if an executor has another model, or evaluates it by something else
     * @throws IOException           if one has none
     */
    static String check(JavaSparkContext spark, Job job) throws IOException {
        int slots = Math.max(1, spark.defaultParallelism() / spark.getConf().getInt("spark.task.cpus", 1));
        List<Answer> answers = spark.parallelize(IntStream.range(0, slots).boxed().toList(), slots)
                .map(slot -> Answer.of(job)).collect();
        Answer first = answers.get(0);
        for (Answer answer : answers) {
            if (answer.refusal() != null) {
                throw new IOException(answer.where() + ": " + answer.refusal());
            }
            if (!answer.evaluatedBy().equals(first.evaluatedBy())) {
                throw new IllegalValueException("--model on " + answer.where(), answer.evaluatedBy(),
                        "evaluated by " + first.evaluatedBy() + ", as on " + first.where());
            }
        }
        return first.evaluatedBy();
    }

    /**
     * What one says.
     *
     * @param evaluatedBy null where it refuses
     * @param refusal     null where it does not
     */
    private record Answer(String where, String evaluatedBy, String refusal) implements Serializable {
        static Answer of(Job job) {
            SparkEnv here = SparkEnv.get();
            String where = "executor " + here.executorId() + " on " + here.blockManager().blockManagerId().host();
            try {
                JobSampler sampler = JobSampler.of(job);
                sampler.warmUp();
                return new Answer(where, sampler.evaluatedBy(), null);
            } catch (IOException | RuntimeException | LinkageError e) {
                return new Answer(where, null, Reason.of(e));
            }
        }
    }
}
