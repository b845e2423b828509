package dev.paraflux.kernel;

import org.bytedeco.javacpp.annotation.Platform;
import org.bytedeco.javacpp.annotation.Properties;
import org.bytedeco.javacpp.tools.Info;
import org.bytedeco.javacpp.tools.InfoMap;
import org.bytedeco.javacpp.tools.InfoMapper;

/** Tells JavaCPP which headers to bind, and that the functions live in {@code libparaflux}. Used at build time. */
@Properties(
        value = @Platform(
                include = {"paraflux/common.h", "paraflux/row_update.h", "paraflux/row_norms.h",
                        "paraflux/row_change.h", "paraflux/row_gram.h", "paraflux/row_copy.h", "paraflux/library.h",
                        "paraflux/window_residual.h", "paraflux/anderson.h", "paraflux/blas_threads.h"},
                link = "paraflux"),
        target = "dev.paraflux.kernel", global = "dev.paraflux.kernel.Kernels")
public class KernelConfig implements InfoMapper {
    @Override
    public void map(InfoMap infoMap) {
        infoMap.put(new Info("PARAFLUX_API").cppTypes().annotations());
    }
}
