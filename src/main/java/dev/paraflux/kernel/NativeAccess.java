package dev.paraflux.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which of Java's options allows native code to these classes and to those that they load it by. From JDK 24 on a module
 * that is not allowed it warns, or is refused it.
 */
public final class NativeAccess {
    private static final int FIRST_WARNING = 24;
    /** Those whose classes load libraries, or have native methods, where they are modules. */
    private static final List<String> LOADERS = List.of("org.bytedeco.javacpp", "org.bytedeco.pytorch",
            "com.microsoft.onnxruntime");

    private NativeAccess() {}

    /** The option, for the modules that were found: on the class path {@code --enable-native-access=ALL-UNNAMED}. */
    public static String option() {
        List<String> names = new ArrayList<>();
        for (Module module : modules()) {
            names.add(module.isNamed() ? module.getName() : "ALL-UNNAMED");
        }
        return "--enable-native-access=" + String.join(",", names);
    }

    /**
     * In words, whether it is needed and was given. To be asked before native code is loaded: what was warned of once counts
     * as allowed.
     */
    public static String message() {
        if (Runtime.version().feature() < FIRST_WARNING) {
            return "needs no option here; JDK " + FIRST_WARNING + " and newer want " + option();
        }
        boolean allowed = modules().stream().allMatch(NativeAccess::isAllowed);
        return allowed ? "allowed, as by " + option()
                : "not allowed to all, so that Java warns: start it with " + option();
    }

    private static List<Module> modules() {
        Module own = NativeAccess.class.getModule();
        List<Module> modules = new ArrayList<>(List.of(own));
        if (own.isNamed()) {
            LOADERS.forEach(name -> Optional.ofNullable(own.getLayer()).flatMap(layer -> layer.findModule(name))
                    .ifPresent(modules::add));
        }
        return modules;
    }

    private static boolean isAllowed(Module module) {
        try {
            // Of JDK 22.
            return (boolean) Module.class.getMethod("isNativeAccessEnabled").invoke(module);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "Java " + Runtime.version() + " does not tell whether native code is allowed", e);
        }
    }
}
