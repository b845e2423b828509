package dev.paraflux.examples.bulk;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Reason;
import dev.paraflux.json.JsonFile;
import dev.paraflux.json.JsonValue;
import dev.paraflux.json.JsonWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Where a job's samples lie. What is under its last name is whole: files are written in a folder beside, which readers of
 * Parquet pass over, and moved into place. Whoever writes the same file writes the same samples, so that it does not matter
 * which of two is moved last.
 */
final class JobFolder {
    private static final String JOB = "_job.json";
    private static final String UNDER_WAY = "_under_way";
    private static final String DONE = "_SUCCESS";
    private static final String EVALUATED_BY = "evaluated by";

    private final Path folder;
    private final Configuration conf;
    private final FileSystem files;

    /** @param out a path of this process, or a URI */
    JobFolder(String out, Configuration conf) {
        this.conf = conf;
        try {
            files = new Path(out).getFileSystem(conf);
            folder = files.makeQualified(new Path(out));
        } catch (IllegalArgumentException | IOException e) {
            throw new IllegalValueException("--out", out, "a path, or a URI of a file system that Hadoop knows", e);
        }
    }

    /** The same folder for every process. */
    String uri() {
        return folder.toString();
    }

    private IllegalValueException illegal(String legal) {
        return new IllegalValueException("--out", uri(), legal);
    }

    /**
     * The files that are still to be drawn, in order.
     *
     * @throws IllegalValueException if there is anything in the folder that is not of this job; nothing has been changed then
     * @throws IOException           if it cannot be read, or a file of samples is damaged
     */
    List<Integer> missing(Job job) throws IOException {
        Set<String> found = found();
        if (found.contains(JOB)) {
            requireSame(job.description());
        } else if (!found.isEmpty()) {
            throw illegal("a new folder, an empty one, or one of this job's; it holds " + found.iterator().next());
        }
        List<Integer> missing = new ArrayList<>();
        for (int file = 0; file < job.files(); file++) {
            if (!found.remove(job.name(file))) {
                missing.add(file);
            } else if (!holds(job, file)) {
                throw illegal("a folder of this job's samples alone; " + job.name(file) + " is another job's");
            }
        }
        found.removeIf(name -> !name.endsWith(".parquet"));
        if (!found.isEmpty()) {
            throw illegal("a folder of this job's samples alone; it holds " + found.iterator().next());
        }
        return missing;
    }

    private Set<String> found() throws IOException {
        Set<String> names = new HashSet<>();
        if (!files.exists(folder)) {
            return names;
        }
        if (!files.getFileStatus(folder).isDirectory()) {
            throw illegal("a folder, and not a file");
        }
        for (FileStatus file : files.listStatus(folder)) {
            String name = file.getPath().getName();
            // What the file system keeps for itself, checksums for example, begins with a dot.
            if (!name.startsWith(".") && !name.equals(UNDER_WAY)) {
                names.add(name);
            }
        }
        return names;
    }

    private boolean holds(Job job, int file) throws IOException {
        try {
            return SampleFile.holds(new Path(folder, job.name(file)), conf, job, job.end(file) - job.begin(file));
        } catch (IOException e) {
            throw new IOException(new Path(folder, job.name(file)) + " is damaged, and will be drawn again if it is"
                    + " deleted: " + e.getMessage(), e);
        }
    }

    private void requireSame(Map<String, Object> asked) throws IOException {
        JsonValue there;
        try (InputStream in = files.open(new Path(folder, JOB))) {
            there = JsonFile.read(in, new Path(folder, JOB).toString());
        }
        asked.forEach((name, value) -> {
            JsonValue was = there.get(name);
            String text = JsonWriter.line(value);
            if (!was.isPresent() || !JsonWriter.line(was).equals(text)) {
                throw new IllegalValueException(name, value, (was.isPresent() ? JsonWriter.line(was) : "left out")
                        + ", as of the samples in " + uri() + ", or --out another folder");
            }
        });
    }

    /**
     * Makes the folder this job's, and clears away what was under way when an earlier driver ended.
     *
     * @param evaluatedBy what the bits depend on besides the job
     * @throws IllegalValueException if the samples that are there were evaluated by something else
     */
    void claim(Job job, String evaluatedBy) throws IOException {
        Map<String, Object> all = new LinkedHashMap<>(job.description());
        all.put(EVALUATED_BY, evaluatedBy);
        Path name = new Path(folder, JOB);
        if (files.exists(name)) {
            requireSame(all);
        } else {
            Path beside = underWay(JOB);
            try (OutputStream to = files.create(beside)) {
                to.write(JsonWriter.lines(all).getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new IOException("--out " + uri() + ": " + Reason.of(e), e);
            }
            move(beside, name);
        }
        files.delete(new Path(folder, UNDER_WAY), true);
    }

    /** A name to write under before a file is moved into place. */
    private Path underWay(String name) {
        return new Path(new Path(folder, UNDER_WAY), UUID.randomUUID() + "-" + name);
    }

    private void move(Path from, Path to) throws IOException {
        if (!files.rename(from, to) && !files.exists(to)) {
            throw new IOException(from + " cannot be moved to " + to);
        }
    }

    /**
     * Draws a file of samples, unless it is there.
     *
     * @return how many were drawn, and how many of these are solved
     */
    Drawn draw(Job job, int file) throws IOException, InterruptedException {
        Path name = new Path(folder, job.name(file));
        if (!files.exists(new Path(folder, JOB))) {
            throw illegal("a folder that all executors reach, and this one finds nothing there");
        }
        if (files.exists(name)) {
            return new Drawn(0, 0);
        }
        Path beside = underWay(job.name(file));
        try {
            Drawn drawn = Drawn.into(beside, conf, job, file);
            move(beside, name);
            return drawn;
        } finally {
            files.delete(beside, false);
        }
    }

    /**
     * Marks that all files are there.
     *
     * @throws IOException if they are not
     */
    void complete(Job job) throws IOException {
        List<Integer> missing = missing(job);
        if (!missing.isEmpty()) {
            throw new IOException(new Path(folder, job.name(missing.get(0))) + " is not there, though it was drawn");
        }
        files.delete(new Path(folder, UNDER_WAY), true);
        files.create(new Path(folder, DONE)).close();
    }
}
