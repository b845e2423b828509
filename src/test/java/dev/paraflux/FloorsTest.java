package dev.paraflux;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import dev.paraflux.model.torch.TorchLibrary;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Holds the compiled classes to the table of floors in docs/design.md: a file imports only from floors below its own. */
class FloorsTest {
    private static final String ROOT = "dev.paraflux";

    /** From the ground up; packages of one floor do not know each other. */
    private static final List<Set<String>> FLOORS = List.of(Set.of("check", "thread"),
            Set.of("kernel", "json", "model.remote.protocol"), Set.of("device"),
            Set.of("noise", "io"), Set.of("schedule"), Set.of("model"), Set.of("model.around"),
            Set.of("model.pretrained"),
            Set.of("model.torch", "model.onnx", "model.remote"), Set.of("model.aoti"), Set.of("model.file", "demo"),
            Set.of("solver"), Set.of("method"), Set.of("method.window", "method.core", "engine"), Set.of(""),
            Set.of("iia", "plan", "metrics"), Set.of("pipeline"), Set.of("cli.option"), Set.of("cli.report"),
            Set.of("cli.command"), Set.of("cli"));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @Test
    void filesImportOnlyFromFloorsBelowTheirOwn() {
        LayeredArchitecture building = layeredArchitecture().consideringOnlyDependenciesInLayers();
        Set<String> below = new LinkedHashSet<>();
        for (Set<String> floor : FLOORS) {
            for (String name : floor) {
                building = building.layer(layer(name)).definedBy(ROOT + (name.isEmpty() ? "" : "." + name));
            }
        }
        for (Set<String> floor : FLOORS) {
            for (String name : floor) {
                building = below.isEmpty() ? building.whereLayer(layer(name)).mayNotAccessAnyLayer()
                        : building.whereLayer(layer(name)).mayOnlyAccessLayers(below.toArray(String[]::new));
            }
            floor.forEach(name -> below.add(layer(name)));
        }
        building.check(CLASSES);
    }

    /** A new package has to be given its floor, or the rule above would not see it. */
    @Test
    void everyPackageHasItsFloor() {
        Set<String> floors = new TreeSet<>();
        FLOORS.forEach(floor -> floor.forEach(name -> floors.add(ROOT + (name.isEmpty() ? "" : "." + name))));
        Set<String> packages = new TreeSet<>();
        for (JavaClass type : CLASSES) {
            packages.add(type.getPackageName());
        }
        assertEquals(floors, packages);
    }

    /**
     * But for what a runtime needs of the process and of its system: threads, checks, libraries, and that it tells nobody of it.
     */
    @Test
    void onlyTheDeviceTouchesTheKernels() {
        noClasses().that().resideOutsideOfPackages(ROOT + ".kernel", ROOT + ".device").and()
                .doNotHaveFullyQualifiedName(ROOT + ".model.torch.TorchLibrary").and()
                .doNotHaveFullyQualifiedName(ROOT + ".model.torch.TorchCudaNeeds").and()
                .doNotHaveFullyQualifiedName(ROOT + ".model.onnx.OnnxCudaNeeds").and()
                .doNotHaveFullyQualifiedName(ROOT + ".model.onnx.OnnxLibrary").and()
                .doNotHaveFullyQualifiedName(ROOT + ".model.aoti.AotiLibrary").should().dependOnClassesThat()
                .resideInAPackage(ROOT + ".kernel").check(CLASSES);
    }

    @Test
    void onlyItsModelsTouchLibtorch() {
        noClasses().that().resideOutsideOfPackages(ROOT + ".model.torch", ROOT + ".model.aoti").should()
                .dependOnClassesThat().resideInAPackage("org.bytedeco.pytorch..").check(CLASSES);
    }

    /** It is an optional dependency: nothing else may need it. */
    @Test
    void onlyItsModelsTouchOnnxRuntime() {
        noClasses().that().resideOutsideOfPackage(ROOT + ".model.onnx").should().dependOnClassesThat()
                .resideInAPackage("ai.onnxruntime..").check(CLASSES);
    }

    /** As ONNX Runtime: nothing else may need it. */
    @Test
    void onlyTheMetricsTouchMicrometer() {
        noClasses().that().resideOutsideOfPackage(ROOT + ".metrics").should().dependOnClassesThat()
                .resideInAPackage("io.micrometer..").check(CLASSES);
    }

    /** It is optional as well. */
    @Test
    void onlyRemoteModelsTouchGrpc() {
        noClasses().that().resideOutsideOfPackages(ROOT + ".model.remote..").should().dependOnClassesThat()
                .resideInAnyPackage("io.grpc..", "com.google..").check(CLASSES);
    }

    /** So that there is one reader and one writer, and no type of Jackson in what users see. */
    @Test
    void onlyTheJsonTouchesJackson() {
        noClasses().that().resideOutsideOfPackage(ROOT + ".json").should().dependOnClassesThat()
                .resideInAPackage("com.fasterxml..").check(CLASSES);
    }

    @Test
    void onlyTheCommandLineTouchesPicocli() {
        noClasses().that().resideOutsideOfPackage(ROOT + ".cli..").should().dependOnClassesThat()
                .resideInAPackage("picocli..").check(CLASSES);
    }

    /**
     * Every refusal has the one form, whose parts can be taken out and said in other words; what is generated from the
     * protocol aside.
     */
    @Test
    void onlyTheChecksMakeIllegalArgumentExceptions() {
        noClasses().that().resideOutsideOfPackages(ROOT + ".check", ROOT + ".model.remote.protocol").should()
                .callConstructorWhere(target(owner(type(IllegalArgumentException.class)))).check(CLASSES);
    }

    private static String layer(String name) {
        return name.isEmpty() ? "front door" : name;
    }
}
