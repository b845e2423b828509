package dev.paraflux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.paraflux.demo.DemoModel;
import dev.paraflux.model.Denoiser;
import dev.paraflux.model.GaussianDenoiser;
import dev.paraflux.model.TinyNetwork;
import dev.paraflux.model.file.ModelFile;
import dev.paraflux.model.pretrained.PretrainedDenoiser;
import dev.paraflux.model.remote.DenoiserServer;
import dev.paraflux.model.remote.RemoteDenoiser;
import dev.paraflux.model.remote.RemoteOptions;
import dev.paraflux.model.remote.ServerOptions;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An application of a server that has drawn a sample and closed what it made is collected, classes and all: whether it brought
 * the library or uses the server's.
 */
class UnloadingTest {
    private static final int LOOKS = 50;
    private static final long LOOK_MILLIS = 100;

    /** Draws a sample by a model of some kind. Every application has one of its own. */
    public static final class Application {
        private Application() {}

        /** @param kind of the model */
        public static void run(String kind) throws IOException {
            switch (kind) {
                case "closed form" -> draw(new GaussianDenoiser(new int[] {16}, 1, new float[16], List.of()));
                case "libtorch" -> draw(DemoModel.load());
                case "ONNX" -> draw(ModelFile.load(TinyNetwork.of("audio").file(".onnx")));
                default -> {
                    try (PretrainedDenoiser model = DemoModel.load();
                            DenoiserServer server = DenoiserServer.start(model, ServerOptions.LOCAL)) {
                        draw(RemoteDenoiser.connect(model.card(),
                                RemoteOptions.of(List.of("localhost:" + server.port()))));
                    }
                }
            }
        }

        private static void draw(Denoiser model) {
            try (model; Sampler sampler = Sampler.builder(model, TestGrids.linear(3)).build()) {
                System.out.println(sampler.sample(Request.seed(1)).status());
                System.out.println(sampler.sampleAsync(Request.seed(1)).join().status());
            }
        }

        /** What docs/containers.md says, for those that bring JavaCPP. */
        public static void end() {
            Pointer.interruptDeallocatorThread();
        }
    }

    /** The library is the server's; the application itself is not. */
    private static final class OverShared extends ClassLoader {
        OverShared() {
            super(OverShared.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.equals(Application.class.getName())) {
                return super.loadClass(name, resolve);
            }
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    /** Runs two applications, one after the other, in a virtual machine of its own. */
    static final class Server {
        private Server() {}

        public static void main(String[] given) throws Exception {
            for (int application = 0; application < 2; application++) {
                WeakReference<ClassLoader> loader = deployed(given[0].equals("own"), given[1]);
                for (int look = 0; look < LOOKS && loader.get() != null; look++) {
                    System.gc();
                    Thread.sleep(LOOK_MILLIS);
                }
                System.out.println(loader.get() == null ? "collected" : "still there");
            }
        }

        private static WeakReference<ClassLoader> deployed(boolean own, String kind) throws Exception {
            ClassLoader loader = own ? new URLClassLoader(jars(), ClassLoader.getPlatformClassLoader())
                    : new OverShared();
            Thread thread = Thread.currentThread();
            ClassLoader before = thread.getContextClassLoader();
            thread.setContextClassLoader(loader);
            try {
                Class<?> application = loader.loadClass(Application.class.getName());
                application.getMethod("run", String.class).invoke(null, kind);
                if (own) {
                    application.getMethod("end").invoke(null);
                }
            } finally {
                thread.setContextClassLoader(before);
            }
            return new WeakReference<>(loader);
        }

        private static URL[] jars() throws IOException {
            List<URL> jars = new ArrayList<>();
            for (String jar : System.getProperty("java.class.path").split(File.pathSeparator)) {
                jars.add(Path.of(jar).toUri().toURL());
            }
            return jars.toArray(URL[]::new);
        }
    }

    private static final List<String> ONE = List.of("COMPLETED", "COMPLETED", "collected");

    private static void requireCollected(String library, String kind) throws Exception {
        List<String> both = new ArrayList<>(ONE);
        both.addAll(ONE);
        // Newer ones warn of what gRPC's sockets call.
        assertEquals(both, new JavaProcess().run(0, Server.class, library, kind).stream()
                .filter(line -> !line.startsWith("WARNING: ")).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"closed form", "libtorch", "ONNX", "remote"})
    void anApplicationThatUsesTheServersLibraryIsCollected(String kind) throws Exception {
        requireCollected("shared", kind);
    }

    /** ONNX Runtime's shutdown hook, and what gRPC leaves with threads, keep one that brings these. */
    @ParameterizedTest
    @ValueSource(strings = {"closed form", "libtorch"})
    void anApplicationThatBringsTheLibraryIsCollected(String kind) throws Exception {
        requireCollected("own", kind);
    }
}
