package dev.paraflux.model;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The published contracts, which packaging/contracts names, are enough with the library and JUnit. */
class PublishedContractTest {
    private static final List<String> PUBLISHED = List.of("dev.paraflux.model.DenoiserContract",
            "dev.paraflux.TestGrids");

    @Test
    void whatIsPublishedNeedsNoOtherTest() {
        noClasses().that(DescribedPredicate.describe("are published", PublishedContractTest::isPublished)).should()
                .dependOnClassesThat(not(DescribedPredicate.<JavaClass>describe("are there for whoever has them",
                        PublishedContractTest::isThere)))
                .check(new ClassFileImporter().importPackages("dev.paraflux"));
    }

    private static boolean isPublished(JavaClass one) {
        return PUBLISHED.stream().anyMatch(name -> one.getName().equals(name) || one.getName().startsWith(name + "$"));
    }

    private static boolean isThere(JavaClass one) {
        return isPublished(one) || resideInAPackage("java..").test(one) || resideInAPackage("org.junit..").test(one)
                || one.isPrimitive() || one.isArray()
                || one.getSource().map(source -> source.getUri().toString().contains("/classes/")).orElse(false)
                        && !one.getSource().get().getUri().toString().contains("/test-classes/");
    }
}
