package dev.paraflux.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NativeLibraryTest {
    @Test
    void theJarOfThisSystemIsNamed() {
        String here = NativeLibrary.absent("Linux", "amd64");
        assertTrue(here.contains("classifier linux-x86_64") && here.contains("dev.paraflux:paraflux-platform"), here);
        assertEquals(
                ". The jar with these libraries is not there: it is dev.paraflux:paraflux with the classifier linux-arm64",
                NativeLibrary.absent("Linux", "aarch64"));
    }

    @ParameterizedTest
    @CsvSource({"Mac OS X,aarch64", "Mac OS X,x86_64", "Windows 11,amd64", "Linux,arm", "Linux,riscv64"})
    void otherSystemsAreToldWhereItRuns(String system, String architecture) {
        assertEquals(
                ". There are none for this system, but for Linux on x86-64 and on 64-bit ARM: a container of that, or a"
                        + " virtual machine, is where it runs",
                NativeLibrary.absent(system, architecture));
    }
}
