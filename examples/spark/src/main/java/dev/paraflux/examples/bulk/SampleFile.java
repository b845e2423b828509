package dev.paraflux.examples.bulk;

import dev.paraflux.Sample;
import java.io.IOException;
import java.util.Map;
import java.util.function.IntConsumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** Parquet files of samples. There are no times in them: rows of the same seeds are equal, whoever draws them. */
final class SampleFile {
    private static final String JOB = "paraflux.job";
    private static final MessageType SCHEMA = MessageTypeParser.parseMessageType("""
            message sample {
              required int64 seed;
              optional int32 label;
              required group shape (LIST) { repeated group list { required int32 element; } }
              optional group values (LIST) { repeated group list { required float element; } }
              required binary status (STRING);
              required int32 rounds;
              required int32 evaluations;
              required int32 model_rows;
              optional double residual;
            }
            """);

    private SampleFile() {}

    /**
     * A row.
     *
     * @param label null where the model takes none
     */
    record Row(long seed, Integer label, int[] shape, Sample sample) {}

    /** Begins a file. */
    static ParquetWriter<Row> write(Path file, Configuration conf, Job job) throws IOException {
        return new Builder(HadoopOutputFile.fromPath(file, conf)).withConf(conf)
                .withCompressionCodec(CompressionCodecName.ZSTD).withDictionaryEncoding("values.list.element", false)
                .withExtraMetaData(Map.of(JOB, job.digest())).build();
    }

    /**
     * Whether a file holds so many samples of this job.
     *
     * @throws IOException if it cannot be read to its end
     */
    static boolean holds(Path file, Configuration conf, Job job, int samples) throws IOException {
        try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromPath(file, conf))) {
            ParquetMetadata footer = reader.getFooter();
            return job.digest().equals(footer.getFileMetaData().getKeyValueMetaData().get(JOB))
                    && reader.getRecordCount() == samples;
        } catch (RuntimeException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static final class Builder extends ParquetWriter.Builder<Row, Builder> {
        Builder(OutputFile file) {
            super(file);
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        @SuppressWarnings("deprecation") // The one that is abstract.
        protected WriteSupport<Row> getWriteSupport(Configuration conf) {
            return new Support();
        }
    }

    private static final class Support extends WriteSupport<Row> {
        private RecordConsumer to;
        private int field;

        @Override
        @SuppressWarnings("deprecation") // The one that is abstract.
        public WriteContext init(Configuration conf) {
            return new WriteContext(SCHEMA, Map.of());
        }

        @Override
        public void prepareForWrite(RecordConsumer consumer) {
            to = consumer;
        }

        @Override
        public void write(Row row) {
            Sample sample = row.sample();
            to.startMessage();
            field = 0;
            field(true, () -> to.addLong(row.seed()));
            field(row.label() != null, () -> to.addInteger(row.label()));
            list(row.shape().length, i -> to.addInteger(row.shape()[i]));
            float[] values = sample.hasValues() ? sample.values() : null;
            list(values == null ? -1 : values.length, i -> to.addFloat(values[i]));
            field(true, () -> to.addBinary(Binary.fromString(sample.status().name())));
            field(true, () -> to.addInteger(sample.stats().rounds()));
            field(true, () -> to.addInteger(sample.stats().evaluations()));
            field(true, () -> to.addInteger(sample.stats().modelRows()));
            double residual = sample.stats().residual();
            field(!Double.isNaN(residual), () -> to.addDouble(residual));
            to.endMessage();
        }

        private void field(boolean there, Runnable content) {
            if (there) {
                String name = SCHEMA.getFieldName(field);
                to.startField(name, field);
                content.run();
                to.endField(name, field);
            }
            field++;
        }

        /** A list of one element or more; none where the size is negative. */
        private void list(int size, IntConsumer element) {
            field(size >= 0, () -> {
                to.startGroup();
                to.startField("list", 0);
                for (int i = 0; i < size; i++) {
                    to.startGroup();
                    to.startField("element", 0);
                    element.accept(i);
                    to.endField("element", 0);
                    to.endGroup();
                }
                to.endField("list", 0);
                to.endGroup();
            });
        }
    }
}
