package dev.paraflux.examples.bulk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.demo.DemoModel;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.around.Guidance;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.SchedulerSolver;
import dev.paraflux.solver.Solver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Drivers and executors are killed, and nothing is lost, nothing is there twice, and every bit is one process's. */
class KilledTest {
    private static final int FIRST = 100;
    private static final int SAMPLES = 90;
    private static final int AT_ONCE = 5;
    private static final int FILES = 9;
    private static final int STEPS = 10;
    private static final SortedMap<Long, String> ONE_PROCESS = new TreeMap<>();

    @TempDir
    private Path folder;

    /** A sampler and no Spark. */
    @BeforeAll
    static void drawInOneProcess() {
        try (PretrainedDenoiser model = DemoModel.load(); Guidance guided = Guidance.of(model, 3)) {
            model.setReplicas(1);
            TimeGrid grid = model.card().scheduler().grid(STEPS);
            Solver solver = SchedulerSolver.of(model.card().scheduler());
            try (Denoiser around = SchedulerSolver.around(guided, model.card().scheduler(), grid, solver);
                    Sampler sampler = Sampler.builder(around, grid).solver(solver).method(ParaTaa.defaults()).build()) {
                for (int from = 0; from < SAMPLES; from += AT_ONCE) {
                    List<Request> requests = new ArrayList<>();
                    for (int i = from; i < from + AT_ONCE; i++) {
                        requests.add(Request.seed(FIRST + i).withLabel(List.of(7, 3, 1).get(i % 3)));
                    }
                    List<Sample> samples = sampler.sample(requests);
                    for (int i = 0; i < AT_ONCE; i++) {
                        ONE_PROCESS.put((long) FIRST + from + i, row(requests.get(i), samples.get(i)));
                    }
                }
            }
        }
    }

    /** As Parquet prints it. */
    private static String row(Request request, Sample sample) {
        StringBuilder row = new StringBuilder("seed: " + request.seed() + "\nlabel: "
                + request.condition().toString().replaceAll("[^0-9]", "") + "\nshape\n");
        for (int size : new int[] {1, 28, 28}) {
            row.append("  list\n    element: ").append(size).append('\n');
        }
        row.append("values\n");
        for (float value : sample.values()) {
            row.append("  list\n    element: ").append(value).append('\n');
        }
        row.append("status: ").append(sample.status()).append("\nrounds: ").append(sample.stats().rounds())
                .append("\nevaluations: ").append(sample.stats().evaluations()).append("\nmodel_rows: ")
                .append(sample.stats().modelRows()).append('\n');
        double residual = sample.stats().residual();
        return Double.isNaN(residual) ? row.toString() : row + "residual: " + residual + "\n";
    }

    private BulkRun start() throws IOException {
        return start(Path.of("samples"));
    }

    private BulkRun start(Path out) throws IOException {
        return BulkRun.start(folder, "--out", out.toString(), "--seeds", FIRST + "-" + (FIRST + SAMPLES - 1), "--steps",
                String.valueOf(STEPS), "--method", "parataa", "--guidance", "3", "--labels", "7,3,1", "--at-once",
                String.valueOf(AT_ONCE), "--samples-per-file", String.valueOf(SAMPLES / FILES), "--master",
                BulkRun.TWO_EXECUTORS);
    }

    @Test
    void anExecutorIsKilled() throws Exception {
        Path out = folder.resolve("samples");
        try (BulkRun run = start()) {
            run.awaitFiles(out, 2);
            List<ProcessHandle> executors = run.executors();
            assertEquals(2, executors.size(), run.says());
            BulkRun.signal("KILL", executors.get(0));
            assertEquals(0, run.exitCode(), run.says());
            assertTrue(Files.exists(out.resolve("_SUCCESS")));
        }
        assertEquals(ONE_PROCESS, BulkRun.rows(out));
    }

    @Test
    void theDriverIsKilled() throws Exception {
        Path out = folder.resolve("samples");
        ProcessHandle late;
        Map<Path, FileTime> before = new HashMap<>();
        try (BulkRun run = start()) {
            run.awaitFiles(out, 2);
            // An executor that hears of it late still writes when another driver has taken over.
            late = run.executors().get(0);
            BulkRun.signal("STOP", late);
            BulkRun.signal("KILL", run.driver());
            run.exitCode();
            for (Path file : BulkRun.files(out)) {
                before.put(file, Files.getLastModifiedTime(file));
            }
            assertTrue(before.size() < FILES, run.says());
            try (BulkRun again = start()) {
                again.awaitFiles(out, before.size() + 1);
                BulkRun.signal("CONT", late);
                assertEquals(0, again.exitCode(), again.says());
                assertTrue(again.says().contains(" of 9 files to draw"), again.says());
            }
            late.onExit().get();
        }
        for (Path file : before.keySet()) {
            assertEquals(before.get(file), Files.getLastModifiedTime(file), file + " was drawn again");
        }
        assertEquals(ONE_PROCESS, BulkRun.rows(out));
        try (BulkRun complete = start()) {
            assertEquals(0, complete.exitCode(), complete.says());
            assertTrue(complete.says().contains("seeds 100-189 in 9 files"), complete.says());
            assertTrue(!complete.says().contains("to draw"), complete.says());
        }
    }

    /** As often as asked for: {@code -DargLine=-Dbulk.runs=20}. */
    @Test
    void atRandomMoments() throws Exception {
        for (int i = 0; i < Integer.getInteger("bulk.runs", 1); i++) {
            Path out = Files.createDirectory(folder.resolve("run-" + i)).resolve("samples");
            long seed = System.nanoTime();
            Random random = new Random(seed);
            String story = "random " + seed;
            for (int kills = 0, code = -1; code != 0;) {
                try (BulkRun run = start(out)) {
                    while (kills < 4 && !run.endsWithin(random.nextInt(3000))) {
                        // Starting takes as long as drawing: half of the moments are while files are drawn.
                        if (random.nextBoolean() && !run.drawsAnother(out)) {
                            break;
                        }
                        List<ProcessHandle> victims = new ArrayList<>(run.executors());
                        victims.add(run.driver());
                        ProcessHandle victim = victims.get(random.nextInt(victims.size()));
                        BulkRun.signal("KILL", victim);
                        kills++;
                        story += victim.equals(run.driver()) ? ", the driver" : ", an executor";
                        story += " after " + BulkRun.files(out).size() + " files";
                        SortedMap<Long, String> rows = BulkRun.rows(out);
                        rows.forEach((row, content) -> assertEquals(ONE_PROCESS.get(row), content));
                    }
                    code = run.exitCode();
                    assertTrue(code == 0 || kills > 0, run.says());
                }
            }
            assertEquals(ONE_PROCESS, BulkRun.rows(out), story);
            System.out.println(story);
        }
    }
}
