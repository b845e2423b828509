package dev.paraflux.examples.bulk;

import dev.paraflux.Sample;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetWriter;

/**
 * How many samples were drawn.
 *
 * @param samples all
 * @param solved  those that are what was asked for: exact, or to the method's tolerance
 */
record Drawn(long samples, long solved) implements Serializable {
    /** Draws the samples of a file into it. */
    static Drawn into(Path name, Configuration conf, Job job, int file) throws IOException, InterruptedException {
        JobSampler sampler = JobSampler.of(job);
        Drawn drawn = new Drawn(0, 0);
        try (ParquetWriter<SampleFile.Row> writer = SampleFile.write(name, conf, job)) {
            for (int from = job.begin(file); from < job.end(file); from += job.atOnce()) {
                List<Sample> samples = sampler.draw(from, Math.min(job.end(file), from + job.atOnce()));
                for (int i = 0; i < samples.size(); i++) {
                    writer.write(new SampleFile.Row(job.seed(from + i), job.label(from + i), sampler.shape(),
                            samples.get(i)));
                }
                drawn = drawn.and(new Drawn(samples.size(),
                        samples.stream().filter(sample -> sample.status().isSolved()).count()));
            }
        }
        return drawn;
    }

    /** Both together. */
    Drawn and(Drawn other) {
        return new Drawn(samples + other.samples, solved + other.solved);
    }
}
