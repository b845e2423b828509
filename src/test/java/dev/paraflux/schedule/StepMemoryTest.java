package dev.paraflux.schedule;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.json.JsonFile;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** More steps than the heap can hold are refused before memory is taken for them, whoever makes the grid. */
class StepMemoryTest {
    private static final int MOST = Integer.MAX_VALUE;
    private static final NoiseSchedule SCHEDULE = NoiseSchedule.linear(1000, 1e-4, 0.02);

    @Test
    void gridsAreRefused() {
        requireRefused(() -> TimeGrid.flow(MOST, 3));
        requireRefused(() -> TimeGrid.edm(MOST, 0.002, 80, 7));
        requireRefused(() -> TimeGrid.of(SCHEDULE, MOST, SigmaSpacing.karras(), FinalAlpha.ONE));
        requireRefused(() -> TimeGrid.of(SCHEDULE, MOST, SigmaSpacing.beta(), FinalAlpha.FIRST));
        requireRefused(() -> TimeGrid.flow(10, 3).refined(MOST));
    }

    @ParameterizedTest
    @ValueSource(strings = {"'_class_name': 'EulerDiscreteScheduler'",
            "'_class_name': 'EulerDiscreteScheduler', 'use_karras_sigmas': true",
            "'_class_name': 'DPMSolverMultistepScheduler', 'use_lu_lambdas': true",
            "'_class_name': 'DPMSolverMultistepScheduler', 'use_flow_sigmas': true, 'prediction_type': 'flow_prediction'",
            "'_class_name': 'FlowMatchEulerDiscreteScheduler'", "'_class_name': 'EDMEulerScheduler'"})
    void schedulersAreRefused(String keys) throws IOException {
        SchedulerConfig config = SchedulerConfig
                .parse(JsonFile.parse("{" + keys.replace('\'', '"') + "}", "scheduler"));
        config.grid(10);
        requireRefused(() -> config.grid(MOST));
    }

    private static void requireRefused(Executable grid) {
        String message = assertThrows(IllegalValueException.class, grid).getMessage();
        assertTrue(message.contains("bytes of the Java heap") && message.contains("-Xmx"), message);
    }
}
