package dev.paraflux.examples.bulk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.demo.DemoModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What cannot be used is refused by option, value and range, and nothing is written. */
class RefusedTest {
    @TempDir
    private Path folder;

    private static JobOptions options(String... arguments) {
        JobOptions options = new JobOptions();
        new CommandLine(new Holder(options)).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(arguments);
        return options;
    }

    @CommandLine.Command
    private static final class Holder {
        @CommandLine.Mixin
        private final JobOptions options;

        Holder(JobOptions options) {
            this.options = options;
        }
    }

    private Job job(String... more) throws IOException {
        List<String> all = new ArrayList<>(List.of(more));
        all.addAll(List.of("--out", folder.resolve("samples").toString()));
        for (String byDefault : List.of("--seeds=0-9", "--steps=3")) {
            if (!all.contains(byDefault.substring(0, 7))) {
                all.add(byDefault);
            }
        }
        return options(all.toArray(String[]::new)).job();
    }

    private JobFolder samples() {
        return new JobFolder(folder.resolve("samples").toString(), new Configuration());
    }

    private void refused(String message, String... more) {
        String said = assertThrows(Exception.class, () -> samples().missing(job(more))).getMessage();
        assertTrue(said.contains(message), said);
    }

    private Map<Path, String> content() throws IOException {
        Map<Path, String> content = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                content.put(file, Files.getLastModifiedTime(file) + " " + Files.size(file));
            }
        }
        return content;
    }

    @Test
    void options() throws IOException {
        refused("--at-once 0: must be 1 to 65536", "--at-once", "0");
        refused("--replicas 0: must be 1 to", "--replicas", "0");
        refused("--steps 0: must be 1 or more", "--steps", "0");
        refused("--samples-per-file 0: must be 1 to", "--samples-per-file", "0");
        refused("--labels 10: must be 0 to 9", "--labels", "3,10");
        refused("--guidance NaN: must be", "--guidance", "NaN");
        refused("--method", "--method", "none");
        refused("--model no.pt: model file no.pt does not exist", "--model", "no.pt");
        assertTrue(content().isEmpty());
    }

    @Test
    void seeds() {
        for (String none : List.of("5-4", "", "3", "-1-4", "0-4294967296", "0-4294967295", "a-b")) {
            Throwable cause = assertThrows(CommandLine.ParameterException.class,
                    () -> options("--out", "x", "--seeds", none)).getCause();
            assertTrue(cause instanceof IllegalValueException, String.valueOf(cause));
            assertTrue(cause.getMessage().startsWith("--seeds ") && cause.getMessage().contains("must be FIRST-LAST"),
                    cause.getMessage());
        }
        assertEquals(1, new SeedRange(4294967295L, 4294967295L).count());
    }

    @Test
    void aFolderOfAnotherJob() throws Exception {
        Job job = job();
        samples().claim(job, "Paraflux, libtorch");
        samples().draw(job, 0);
        Map<Path, String> before = content();
        refused("--steps 4: must be 3, as of the samples in", "--steps", "4");
        refused("--method \"picard\": must be \"sequential\"", "--method", "picard");
        refused("--guidance 1.5: must be 2", "--guidance", "1.5");
        refused("--labels \"[1]\": must be", "--labels", "1");
        refused("--at-once 3: must be 64", "--at-once", "3");
        refused("--replicas 2: must be 1", "--replicas", "2");
        refused("--samples-per-file 5: must be 1024", "--samples-per-file", "5");
        refused("--seeds \"0-8\": must be \"0-9\"", "--seeds", "0-8");
        assertEquals("evaluated by", assertThrows(IllegalValueException.class,
                () -> samples().claim(job, "Paraflux, another libtorch")).name());
        assertEquals(List.of(), samples().missing(job));
        assertEquals(before, content());
        JobSampler.end();
    }

    @Test
    void foldersOfOtherThings() throws Exception {
        Files.createDirectory(folder.resolve("samples"));
        Files.writeString(folder.resolve("samples/thesis.txt"), "mine");
        refused("must be a new folder, an empty one, or one of this job's; it holds thesis.txt");
        Files.move(folder.resolve("samples/thesis.txt"), folder.resolve("thesis.txt"));
        assertTrue(assertThrows(IllegalValueException.class,
                () -> new JobFolder(folder.resolve("thesis.txt").toString(), new Configuration()).missing(job()))
                .getMessage().endsWith("thesis.txt\": must be a folder, and not a file"));
        for (String nowhere : List.of("nothing://host/samples", "a:b")) {
            String said = assertThrows(IllegalValueException.class, () -> new JobFolder(nowhere, new Configuration()))
                    .getMessage();
            assertEquals("--out \"" + nowhere + "\": must be a path, or a URI of a file system that Hadoop knows",
                    said);
        }
        samples().claim(job(), "Paraflux, libtorch");
        Files.writeString(folder.resolve("samples/" + job().name(0)), "PAR1 of a kind");
        refused("is damaged, and will be drawn again if it is deleted");
        Files.move(folder.resolve("samples/" + job().name(0)), folder.resolve("samples/other.parquet"));
        refused("must be a folder of this job's samples alone; it holds other.parquet");
        Files.delete(folder.resolve("samples/other.parquet"));
        Job other = job("--guidance", "1");
        samples().draw(other, 0);
        refused("must be a folder of this job's samples alone; " + job().name(0) + " is another job's");
        Files.delete(folder.resolve("samples/" + job().name(0)));
        assertEquals(List.of(0), samples().missing(job()));
        JobSampler.end();
    }

    /** A driver that ended before the folder was the job's leaves what another one passes over and clears away. */
    @Test
    void anEarlyEnd() throws Exception {
        Files.createDirectories(folder.resolve("samples/_under_way"));
        Files.writeString(folder.resolve("samples/_under_way/half"), "half");
        assertEquals(List.of(0), samples().missing(job()));
        samples().claim(job(), "Paraflux, libtorch");
        assertFalse(Files.exists(folder.resolve("samples/_under_way")));
    }

    @Test
    void anotherModelOnAnExecutor() throws Exception {
        Job asked = job();
        Job other = new Job(null, "0".repeat(64), asked.card(), asked.guidance(), asked.steps(), asked.method(),
                asked.seeds(), asked.labels(), asked.atOnce(), asked.replicas(), asked.perFile());
        String said = assertThrows(IllegalValueException.class, () -> JobSampler.of(other)).getMessage();
        assertTrue(said.startsWith("weights of --model \"" + DemoModel.sha256()) && said.contains("as the driver's"),
                said);
    }

    /** The driver has the model in its folder; the executors, each in one of its own, do not. */
    @Test
    void noModelOnAnExecutor() throws Exception {
        for (String name : List.of("digits.pt", "digits.json")) {
            try (var in = DemoModel.class.getResourceAsStream(name)) {
                Files.copy(in, folder.resolve(name));
            }
        }
        try (BulkRun run = BulkRun.start(folder, "--out", "samples", "--seeds", "0-9", "--model", "digits.pt",
                "--master", BulkRun.TWO_EXECUTORS)) {
            assertEquals(2, run.exitCode(), run.says());
            assertTrue(run.says().matches(
                    "(?s).*bulk: executor [01] on [^ ]+: --model digits.pt: model file digits.pt does not exist.*"),
                    run.says());
        }
        assertFalse(Files.exists(folder.resolve("samples")));
    }
}
