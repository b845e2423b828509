package dev.paraflux.benchmarks.study;

import dev.paraflux.solver.Ddim;
import dev.paraflux.solver.Ddpm;
import dev.paraflux.solver.Deis;
import dev.paraflux.solver.DpmSolver2;
import dev.paraflux.solver.DpmSolverPlusPlus;
import dev.paraflux.solver.DpmSolverPlusPlus2S;
import dev.paraflux.solver.Heun;
import dev.paraflux.solver.Ipndm;
import dev.paraflux.solver.SdeDpmSolverPlusPlus;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.Spndm;
import dev.paraflux.solver.UniPc;
import java.util.LinkedHashMap;
import java.util.Map;

/** The solvers that the studies compare, by name. */
final class Solvers {
    private Solvers() {}

    /** Those that follow the probability flow. */
    static Map<String, Solver> deterministic() {
        Map<String, Solver> solvers = new LinkedHashMap<>();
        solvers.put("DDIM, Euler, DPM-Solver++ (1)", new Ddim());
        solvers.put("Heun", new Heun());
        solvers.put("DPM-Solver-2", new DpmSolver2());
        solvers.put("DPM-Solver++ (2S)", new DpmSolverPlusPlus2S());
        solvers.put("DPM-Solver++ (2M)", new DpmSolverPlusPlus(2));
        solvers.put("DPM-Solver++ (3M)", new DpmSolverPlusPlus(3));
        solvers.put("UniPC (2)", new UniPc(2));
        solvers.put("UniPC (3)", new UniPc(3));
        solvers.put("S-PNDM", new Spndm());
        solvers.put("iPNDM (4)", new Ipndm(4));
        solvers.put("DEIS (2)", new Deis(2));
        return solvers;
    }

    /** Those, and the stochastic ones. */
    static Map<String, Solver> all() {
        Map<String, Solver> solvers = deterministic();
        solvers.put("DDPM", new Ddpm());
        solvers.put("SDE-DPM-Solver++ (2M)", new SdeDpmSolverPlusPlus());
        return solvers;
    }
}
