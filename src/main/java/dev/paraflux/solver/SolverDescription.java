package dev.paraflux.solver;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.json.Description;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Solvers as values that a file can keep, and back again: a kind, and the components of the solver's record. Both are keys
 * of files; they stay what they are, whatever classes, commands and messages call a solver.
 */
public final class SolverDescription {
    /** Of each kind a solver, whose settings a description has where it has none: files may be older than a setting. */
    private static final Map<String, Solver> KNOWN = new LinkedHashMap<>();

    static {
        KNOWN.put("ddim", new Ddim());
        KNOWN.put("clipped-ddim", new ClippedDdim(0, false));
        KNOWN.put("ddpm", new Ddpm());
        KNOWN.put("euler", new Euler());
        KNOWN.put("heun", new Heun());
        KNOWN.put("stochastic-heun", new StochasticHeun(0, 0, Double.POSITIVE_INFINITY, 1));
        KNOWN.put("flow-heun", new FlowHeun());
        KNOWN.put("dpm-solver-2", new DpmSolver2());
        KNOWN.put("dpm-solver++-2s", new DpmSolverPlusPlus2S());
        KNOWN.put("dpm-solver++", new DpmSolverPlusPlus(2));
        KNOWN.put("sde-dpm-solver++", new SdeDpmSolverPlusPlus());
        KNOWN.put("unipc", new UniPc(2));
        KNOWN.put("s-pndm", new Spndm());
        KNOWN.put("ipndm", new Ipndm(4));
        KNOWN.put("plms", new Plms());
        KNOWN.put("deis", new Deis(2));
        KNOWN.put("euler-ancestral", new EulerAncestral());
        KNOWN.put("lms", new Lms(4));
        KNOWN.put("kdpm2-ancestral", new Kdpm2Ancestral());
        KNOWN.put("dpm-multistep", new DpmMultistep(DpmAlgorithm.DPM_SOLVER_PLUS_PLUS, 2));
        KNOWN.put("dpm-singlestep",
                new DpmSinglestep(DpmAlgorithm.DPM_SOLVER_PLUS_PLUS, 2, DpmSlope.MIDPOINT, false));
        KNOWN.put("cogvideox-dpm", new CogVideoXDpm());
        KNOWN.put("pndm", new Pndm());
        KNOWN.put("sa-solver", new SaSolver(2, 2, true, true));
        KNOWN.put("lcm", new Lcm());
        KNOWN.put("tcd", new Tcd());
        KNOWN.put("consistency", new ConsistencySampling());
    }

    private SolverDescription() {}

    /** What a solver is; of one that is not of this package, the name of its class. */
    public static Description of(Solver solver) {
        for (Map.Entry<String, Solver> known : KNOWN.entrySet()) {
            if (known.getValue().getClass() == solver.getClass()) {
                return described(Description.of(known.getKey()), solver);
            }
        }
        return Description.of("class").with("name", className(solver));
    }

    private static Description described(Description kind, Solver solver) {
        Description description = kind;
        for (RecordComponent component : solver.getClass().getRecordComponents()) {
            Object value = value(component, solver);
            // JSON has no infinity: what has no bound is left out, as it is by default.
            if (!(value instanceof Double number) || Double.isFinite(number)) {
                description = description.with(component.getName(), kept(value));
            }
        }
        return description;
    }

    private static Object kept(Object value) {
        if (value instanceof Set<?> numbers) {
            return numbers.stream().map(number -> ((Integer) number).doubleValue()).sorted().toList();
        }
        return value instanceof Enum<?> one ? one.name() : value;
    }

    private static Object value(RecordComponent component, Solver solver) {
        try {
            return component.getAccessor().invoke(solver);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot be read: " + component, e);
        }
    }

    /** A lambda's name has a number that is another one in every run. */
    private static String className(Solver solver) {
        String name = solver.getClass().getName();
        int lambda = name.indexOf("$$Lambda");
        return lambda < 0 ? name : name.substring(0, lambda);
    }

    /**
     * The solver of a description; empty if it is not of this package.
     *
     * @throws IllegalArgumentException naming a setting that there is not, or that is outside its range
     */
    public static Optional<Solver> solver(Description description) {
        return Optional.ofNullable(KNOWN.get(description.kind())).map(known -> made(known, description));
    }

    private static Solver made(Solver known, Description description) {
        RecordComponent[] components = known.getClass().getRecordComponents();
        for (Map.Entry<String, Object> setting : description.settings().entrySet()) {
            Require.that(Arrays.stream(components).anyMatch(one -> one.getName().equals(setting.getKey())),
                    description.kind() + "." + setting.getKey(), setting.getValue(),
                    "left out: there is no such setting");
        }
        Object[] values = new Object[components.length];
        for (int c = 0; c < values.length; c++) {
            Object setting = description.settings().get(components[c].getName());
            values[c] = setting == null ? value(components[c], known)
                    : value(components[c].getType(), description.kind() + "." + components[c].getName(), setting);
        }
        return made(known.getClass(), components, values);
    }

    private static Object value(Class<?> type, String name, Object setting) {
        if (type == double.class && setting instanceof Double || type == boolean.class && setting instanceof Boolean) {
            return setting;
        }
        if (type == int.class) {
            return whole(name, setting);
        }
        if (type == Set.class) {
            Require.that(setting instanceof List<?>, name, setting, "a list of whole numbers");
            return ((List<?>) setting).stream().map(number -> whole(name, number)).collect(Collectors.toSet());
        }
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants()).filter(one -> ((Enum<?>) one).name().equals(setting))
                    .findFirst().orElseThrow(() -> new IllegalValueException(name, setting,
                            "one of " + Arrays.toString(type.getEnumConstants())));
        }
        throw new IllegalValueException(name, setting, type == double.class ? "a number" : "true or false");
    }

    private static int whole(String name, Object setting) {
        Require.that(setting instanceof Double number && number == number.intValue(), name, setting,
                "a whole number of 32 bits");
        return ((Double) setting).intValue();
    }

    private static Solver made(Class<? extends Solver> type, RecordComponent[] components, Object[] values) {
        try {
            return type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new))
                    .newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refusal) {
                throw refusal;
            }
            throw new IllegalStateException("cannot be made: " + type, e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot be made: " + type, e);
        }
    }
}
