package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.device.Lifetime;
import java.util.List;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a test forgets fails the run, and the place is named; {@link Afterwards} closes what it is given. */
class ForgottenThingsTest {
    private static final Logger LOGGER = Logger.getLogger("dev.paraflux");

    @BeforeEach
    void keepFromTheConsole() {
        LOGGER.setUseParentHandlers(false);
    }

    @AfterEach
    void restore() {
        LOGGER.setUseParentHandlers(true);
    }

    /** What the tests before forgot is heard here too: theirs is another name. */
    @Test
    void aForgottenThingIsNamedWithItsPlace() {
        ForgottenThings.Listener listener = new ForgottenThings.Listener(List.of());
        new Lifetime("Mislaid").watch();
        String told = assertThrows(AssertionError.class, listener::close).getMessage();
        assertTrue(told.contains("A Mislaid was not closed"), told);
        assertTrue(told.contains("ForgottenThingsTest.aForgottenThingIsNamedWithItsPlace(ForgottenThingsTest.java:"),
                told);
    }

    @Test
    void theLastThingIsClosedFirst() throws Exception {
        StringBuilder closed = new StringBuilder();
        Afterwards.close(() -> closed.append("a"));
        Afterwards.close(() -> closed.append("b"));
        new Afterwards().afterEach(null);
        assertEquals("ba", closed.toString());
    }
}
