package dev.paraflux.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What the native libraries need of a system, as the loader reads it: no more than JavaCPP's own library does. */
class OldSystemsTest {
    /** Of JavaCPP 1.5.13; libtorch of its presets needs 35. */
    private static final int GLIBC_MINOR = 34;

    private static final Pattern VERSION = Pattern.compile(" (GLIBC|GLIBCXX|CXXABI|GCC)_([0-9.]+)\\s*$");
    private static final Pattern NEEDED = Pattern.compile("^\\s*NEEDED\\s+(\\S+)");
    private static final Pattern SEARCHED = Pattern.compile("^\\s*(?:RUNPATH|RPATH)\\s+(\\S+)");
    /** Those of GCC 5 and older. */
    private static final Set<String> OLD = Set.of("GLIBCXX_3.4", "CXXABI_1.3", "CXXABI_1.3.8", "GCC_3.0", "GCC_3.3",
            "GCC_3.3.1", "GCC_4.2.0");

    @TestFactory
    List<DynamicTest> libraries() throws Exception {
        Path folder = Path.of(KernelConfig.class.getResource("KernelConfig.class").toURI()).getParent();
        List<Path> libraries;
        try (Stream<Path> files = Files.walk(folder)) {
            libraries = files.filter(file -> file.toString().endsWith(".so")).sorted().toList();
        }
        assertTrue(libraries.size() >= 2, () -> "libparaflux and its glue are not in " + folder);
        List<DynamicTest> tests = new ArrayList<>();
        for (Path library : libraries) {
            String name = library.getFileName().toString();
            tests.add(DynamicTest.dynamicTest(name + " loads on old systems", () -> loadsOnOldSystems(library)));
            tests.add(DynamicTest.dynamicTest(name + " looks beside itself only", () -> looksBesideItself(library)));
        }
        return tests;
    }

    private static void loadsOnOldSystems(Path library) throws Exception {
        Set<String> tooNew = new TreeSet<>();
        int seen = 0;
        for (String line : headers(library)) {
            Matcher version = VERSION.matcher(line);
            if (version.find()) {
                seen++;
                String name = version.group(1) + "_" + version.group(2);
                boolean old = version.group(1).equals("GLIBC") ? minor(version.group(2)) <= GLIBC_MINOR
                        : OLD.contains(name);
                if (!old) {
                    tooNew.add(name);
                }
            }
        }
        assertTrue(seen > 0, "no version was read");
        assertEquals(Set.of(), tooNew);
    }

    private static int minor(String version) {
        return Integer.parseInt(version.split("\\.")[1]);
    }

    private static void looksBesideItself(Path library) throws Exception {
        Set<String> needed = new TreeSet<>();
        for (String line : headers(library)) {
            Matcher searched = SEARCHED.matcher(line);
            if (searched.find()) {
                assertEquals("$ORIGIN/", searched.group(1));
            }
            Matcher name = NEEDED.matcher(line);
            if (name.find()) {
                needed.add(name.group(1));
            }
        }
        assertFalse(needed.isEmpty(), "nothing that it needs was read");
        needed.removeAll(Set.of("libc.so.6", "libgcc_s.so.1", "libstdc++.so.6", "libparaflux.so", "libm.so.6",
                "ld-linux-x86-64.so.2"));
        assertEquals(Set.of(), needed);
    }

    private static List<String> headers(Path library) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder("objdump", "-p", library.toString()).redirectErrorStream(true).start();
        } catch (IOException e) {
            return abort("objdump (Debian: binutils) is needed to read it: " + e.getMessage());
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output.lines().toList();
    }
}
