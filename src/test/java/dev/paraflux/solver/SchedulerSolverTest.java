package dev.paraflux.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.paraflux.schedule.SchedulerConfig;
import dev.paraflux.schedule.SolverSettings;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The solvers that the classes of diffusers name. */
class SchedulerSolverTest {
    private static final String MULTISTEP = "DPMSolverMultistepScheduler";
    private static final String SINGLESTEP = "DPMSolverSinglestepScheduler";

    private static Stream<Arguments> solvers() {
        return Stream.of(
                Arguments.of("DDIMScheduler", "", new Ddim()),
                Arguments.of("DDPMScheduler", "", new Ddpm()),
                Arguments.of("EulerDiscreteScheduler", "", new Euler()),
                Arguments.of("HeunDiscreteScheduler", "", new Heun()),
                Arguments.of("FlowMatchEulerDiscreteScheduler", "", new Euler()),
                Arguments.of("PNDMScheduler", ", 'skip_prk_steps': true", new Plms()),
                Arguments.of(MULTISTEP, "", new DpmSolverPlusPlus(2)),
                Arguments.of(MULTISTEP, ", 'solver_order': 1", new DpmSolverPlusPlus(1)),
                Arguments.of(MULTISTEP, ", 'solver_order': 3, 'algorithm_type': 'dpmsolver++'",
                        new DpmSolverPlusPlus(3)),
                Arguments.of(MULTISTEP, ", 'algorithm_type': 'sde-dpmsolver++', 'solver_type': 'midpoint'",
                        new SdeDpmSolverPlusPlus()),
                Arguments.of(SINGLESTEP, "", new DpmSolverPlusPlus2S()),
                Arguments.of(SINGLESTEP, ", 'algorithm_type': 'dpmsolver'", new DpmSolver2()),
                Arguments.of(SINGLESTEP, ", 'solver_order': 1", new DpmSolverPlusPlus(1)),
                Arguments.of("UniPCMultistepScheduler", "", new UniPc(2)),
                Arguments.of("UniPCMultistepScheduler", ", 'solver_order': 3, 'solver_type': 'bh2'", new UniPc(3)),
                Arguments.of("DEISMultistepScheduler", "", new Deis(2)),
                Arguments.of("DEISMultistepScheduler", ", 'solver_order': 3, 'algorithm_type': 'deis',"
                        + " 'solver_type': 'logrho'", new Deis(3)));
    }

    @ParameterizedTest
    @MethodSource("solvers")
    void aClassNamesItsSolver(String name, String options, Solver solver) throws IOException {
        assertEquals(solver, solver(name, options));
    }

    @Test
    void withoutAClassItIsDdim() {
        assertEquals(new Ddim(), SchedulerSolver.of(SolverSettings.NONE));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`',
            value = {
                    "DPMSolverMultistepScheduler | , 'algorithm_type': 'dpmsolver' | algorithm_type is dpmsolver,"
                            + " legal for DPMSolverMultistepScheduler: dpmsolver++, sde-dpmsolver++",
                    "DPMSolverMultistepScheduler | , 'solver_type': 'heun' | solver_type is heun, legal for"
                            + " DPMSolverMultistepScheduler: midpoint",
                    "DPMSolverMultistepScheduler | , 'algorithm_type': 'sde-dpmsolver++', 'solver_order': 3 |"
                            + " solver_order is 3, legal for DPMSolverMultistepScheduler with algorithm_type"
                            + " sde-dpmsolver++: 2",
                    "DPMSolverSinglestepScheduler | , 'algorithm_type': 'sde-dpmsolver++' | algorithm_type is"
                            + " sde-dpmsolver++, legal for DPMSolverSinglestepScheduler: dpmsolver++, dpmsolver",
                    "DPMSolverSinglestepScheduler | , 'solver_order': 3 | solver_order is 3, legal for"
                            + " DPMSolverSinglestepScheduler: 1, 2",
                    "UniPCMultistepScheduler | , 'solver_type': 'bh1' | solver_type is bh1, legal for"
                            + " UniPCMultistepScheduler: bh2",
                    "DEISMultistepScheduler | , 'solver_type': 'midpoint' | solver_type is midpoint, legal for"
                            + " DEISMultistepScheduler: logrho",
                    "DEISMultistepScheduler | , 'algorithm_type': 'dpmsolver++' | algorithm_type is dpmsolver++,"
                            + " legal for DEISMultistepScheduler: deis",
                    "LMSDiscreteScheduler | , 'beta_schedule': 'linear' | _class_name is LMSDiscreteScheduler, which"
                            + " is not supported, legal: DDIMScheduler, DDPMScheduler, EulerDiscreteScheduler,"
                            + " HeunDiscreteScheduler, DPMSolverMultistepScheduler, DPMSolverSinglestepScheduler,"
                            + " UniPCMultistepScheduler, PNDMScheduler, DEISMultistepScheduler,"
                            + " FlowMatchEulerDiscreteScheduler"})
    void anOptionWithoutASolverIsRefusedByName(String name, String options, String message) {
        assertEquals(message,
                assertThrows(IllegalArgumentException.class, () -> solver(name, options)).getMessage());
    }

    private static Solver solver(String name, String options) throws IOException {
        String json = "{'_class_name': '" + name + "'" + options + "}";
        return SchedulerSolver.of(SchedulerConfig.parse(new JsonMapper().readTree(json.replace('\'', '"'))));
    }
}
