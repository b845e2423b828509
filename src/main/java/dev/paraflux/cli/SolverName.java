package dev.paraflux.cli;

import dev.paraflux.json.Description;
import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.Ddpm;
import dev.paraflux.solver.Deis;
import dev.paraflux.solver.DpmSolver2;
import dev.paraflux.solver.DpmSolverPlusPlus;
import dev.paraflux.solver.DpmSolverPlusPlus2S;
import dev.paraflux.solver.Euler;
import dev.paraflux.solver.FlowHeun;
import dev.paraflux.solver.Heun;
import dev.paraflux.solver.Ipndm;
import dev.paraflux.solver.Plms;
import dev.paraflux.solver.SdeDpmSolverPlusPlus;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.SolverDescription;
import dev.paraflux.solver.Spndm;
import dev.paraflux.solver.UniPc;
import java.util.Arrays;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The solvers by name; those of several orders have the highest one unless the name says another. */
enum SolverName {
    DDIM("ddim", 1, new Ddim()),
    DDPM("ddpm", 1, new Ddpm()),
    EULER("euler", 1, new Euler()),
    HEUN("heun", 1, new Heun()),
    DPM_SOLVER_2("dpm-solver-2", 1, new DpmSolver2()),
    DPMPP_2S("dpm++-2s", 1, new DpmSolverPlusPlus2S()),
    DPMPP_1("dpm++-1", 1, new DpmSolverPlusPlus(1)),
    DPMPP_2M("dpm++-2m", 2, new DpmSolverPlusPlus(2)),
    DPMPP_3M("dpm++-3m", 3, new DpmSolverPlusPlus(3)),
    DPMPP_SDE_2M("dpm++-sde-2m", 1, new SdeDpmSolverPlusPlus()),
    UNIPC_2("unipc-2", 2, new UniPc(2)),
    UNIPC_3("unipc-3", 3, new UniPc(3)),
    SPNDM("spndm", 1, new Spndm()),
    IPNDM("ipndm", 4, new Ipndm(4)),
    PLMS("plms", 1, new Plms()),
    DEIS("deis", 3, new Deis(3)),
    FLOW_HEUN("flow-heun", 1, new FlowHeun());

    private final String text;
    private final int leastSteps;
    private final Solver solver;

    SolverName(String text, int leastSteps, Solver solver) {
        this.text = text;
        this.leastSteps = leastSteps;
        this.solver = solver;
    }

    Solver solver() {
        return solver;
    }

    /** The name of a solver that was fitted, or what is known of one that has none. */
    static String text(Description fitted) {
        Optional<Solver> solver = SolverDescription.solver(fitted);
        return Arrays.stream(values()).filter(name -> solver.filter(name.solver::equals).isPresent()).findFirst()
                .map(SolverName::toString).orElse(fitted.toString());
    }

    /** All of them. */
    static String names() {
        return Arrays.toString(values());
    }

    /** The fewest steps that a grid may have: the order of a multistep solver. */
    int leastSteps() {
        return leastSteps;
    }

    /** As it is written and printed. */
    @Override
    public String toString() {
        return text;
    }

    /** Reads a name in any case; picocli's own reader would list Java's names among the legal ones as well. */
    static final class Converter implements ITypeConverter<SolverName> {
        @Override
        public SolverName convert(String word) {
            for (SolverName name : values()) {
                if (name.text.equalsIgnoreCase(word)) {
                    return name;
                }
            }
            throw new TypeConversionException("expected one of " + names()
                    + " (case-insensitive) but was '" + word + "'");
        }
    }
}
