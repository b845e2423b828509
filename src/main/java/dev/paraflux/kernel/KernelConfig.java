package dev.paraflux.kernel;

import org.bytedeco.javacpp.annotation.Platform;
import org.bytedeco.javacpp.annotation.Properties;
import org.bytedeco.javacpp.tools.Info;
import org.bytedeco.javacpp.tools.InfoMap;
import org.bytedeco.javacpp.tools.InfoMapper;

/** Tells JavaCPP which headers to bind, and that the functions live in {@code libparaflux}. Used at build time. */
@Properties(
        value = {@Platform(
                include = {"paraflux/common.h", "paraflux/row_program.h", "paraflux/row_gram.h",
                        "paraflux/row_quantile.h",
                        "paraflux/window_residual.h", "paraflux/anderson.h", "paraflux/library.h",
                        "paraflux/blas_threads.h", "paraflux/compiled_models.h", "paraflux/telemetry.h",
                        "paraflux/cuda.h"},
                link = "paraflux"),
                // Libraries with CUDA come in a jar and a folder of their own, which is looked into first.
                @Platform(value = "linux-x86_64", extension = "-gpu")},
        target = "dev.paraflux.kernel", global = "dev.paraflux.kernel.Kernels")
public class KernelConfig implements InfoMapper {
    @Override
    public void map(InfoMap infoMap) {
        infoMap.put(new Info("PARAFLUX_API").cppTypes().annotations());
        // Tables are written as words, and so are the structs of calls: what is bound are functions of a pointer.
        infoMap.put(new Info("ParafluxTerm", "ParafluxCombination", "ParafluxRow", "ParafluxQuantile", "ParafluxWindow",
                "ParafluxWindowRow", "ParafluxEstimate").skip());
        for (String call : new String[] {"ParafluxRowProgram", "ParafluxRowGram", "ParafluxRowQuantile",
                "ParafluxWindows",
                "ParafluxWeights"}) {
            infoMap.put(new Info(call).pointerTypes("@Cast(\"const " + call + "*\") Pointer").skip());
        }
    }
}
