package dev.paraflux.solver;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** No solver is forgotten where they are held to {@link SolverContract}. */
class SolversTest {
    private static final List<Object> TESTS = List.of(new OneStepSolversTest(), new StagedSolversTest(),
            new MultistepSolversTest());

    @Test
    void everySolverIsHeldToTheContract() throws IOException, URISyntaxException {
        Set<String> held = new TreeSet<>();
        for (Object tests : TESTS) {
            for (Class<?> table : tests.getClass().getDeclaredClasses()) {
                held.add(held(tests, table).getClass().getSimpleName());
            }
        }
        Path classes = Path.of(Solver.class.getResource("Solver.class").toURI()).getParent();
        try (var files = Files.list(classes)) {
            files.map(file -> file.getFileName().toString().replace(".class", ""))
                    .filter(name -> !name.contains("$") && !name.endsWith("-info"))
                    .filter(name -> isSolver("dev.paraflux.solver." + name))
                    .forEach(name -> assertTrue(held.contains(name), name + " is not held to SolverContract"));
        }
    }

    private static Solver held(Object tests, Class<?> table) {
        try {
            var constructor = table.getDeclaredConstructor(tests.getClass());
            return ((SolverContract) constructor.newInstance(tests)).solver();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isSolver(String name) {
        try {
            Class<?> found = Class.forName(name, false, Solver.class.getClassLoader());
            return Solver.class.isAssignableFrom(found) && found.isRecord();
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
