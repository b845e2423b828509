package dev.paraflux.benchmarks;

import dev.paraflux.Request;
import dev.paraflux.Sample;
import dev.paraflux.Sampler;
import dev.paraflux.device.Device;
import dev.paraflux.method.Method;
import dev.paraflux.method.core.Chords;
import dev.paraflux.method.core.Sequential;
import dev.paraflux.method.core.Srds;
import dev.paraflux.method.window.ParaTaa;
import dev.paraflux.method.window.Picard;
import dev.paraflux.method.window.SparseParaTaa;
import dev.paraflux.model.pretrained.LoadOptions;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Whether the bits of samples repeat on a device, and are those of the CPU, by every method; lines of JSON. Exits with 1 where
 * bits that should be the same are not: of the exact model all of them, of a network those of its own runs.
 *
 * <pre>
 * DeviceBits cuda:0 100                     the exact model of normal data, by the library's kernels
 * DeviceBits cuda:0 100 demo                the demo network, by libtorch's build for CUDA
 * </pre>
 */
public final class DeviceBits {
    private static final int STEPS = 50;
    private static final int SEED = 3;
    private static final Map<String, Method> METHODS = new LinkedHashMap<>();

    static {
        METHODS.put("sequential", new Sequential());
        METHODS.put("picard", Picard.defaults());
        METHODS.put("parataa", ParaTaa.defaults());
        METHODS.put("sparse", SparseParaTaa.defaults());
        METHODS.put("srds", Srds.defaults());
        METHODS.put("chords", Chords.defaults());
    }

    private final Device device;
    private final int runs;
    private boolean same = true;

    private DeviceBits(Device device, int runs) {
        this.device = device;
        this.runs = runs;
    }

    /** @param arguments a device, a number of runs, and perhaps a network */
    public static void main(String[] arguments) throws IOException {
        DeviceBits bits = new DeviceBits(Device.named(arguments[0]), Integer.parseInt(arguments[1]));
        if (arguments.length > 2) {
            try (DeviceModel here = DeviceModel.network(arguments[2], LoadOptions.DEFAULT);
                    DeviceModel there = DeviceModel.network(arguments[2],
                            LoadOptions.DEFAULT.withDevice(bits.device))) {
                bits.compare(here, there, false);
            }
        } else {
            for (int dim : new int[] {1, 7, 784, 16384}) {
                try (DeviceModel model = DeviceModel.gaussian(dim)) {
                    bits.compare(model, model, true);
                }
            }
        }
        if (!bits.same) {
            System.exit(1);
        }
    }

    private void compare(DeviceModel here, DeviceModel there, boolean asHere) {
        METHODS.forEach((name, method) -> {
            float[] expected;
            try (Sampler sampler = sampler(here, method, Device.cpu())) {
                expected = sample(sampler, here).values();
            }
            try (Sampler sampler = sampler(there, method, device)) {
                Sample first = sample(sampler, there);
                int repeated = 1;
                int equal = Arrays.equals(expected, first.values()) ? 1 : 0;
                for (int run = 1; run < runs; run++) {
                    float[] values = sample(sampler, there).values();
                    repeated += Arrays.equals(first.values(), values) ? 1 : 0;
                    equal += Arrays.equals(expected, values) ? 1 : 0;
                }
                same &= repeated == runs && (!asHere || equal == runs);
                System.out.printf(Locale.ROOT,
                        "{\"device\": \"%s\", \"model\": \"%s\", \"method\": \"%s\", \"status\": \"%s\", \"runs\": %d, "
                                + "\"as_the_first\": %d, \"as_on_the_cpu\": %d, \"largest_difference\": %.3g}%n",
                        device, there.name(), name, first.status(), runs, repeated, equal,
                        difference(expected, first.values()));
            }
        });
    }

    private static Sampler sampler(DeviceModel model, Method method, Device device) {
        return Sampler.builder(model.denoiser(), model.grids().apply(STEPS)).method(method).maxBatch(STEPS)
                .device(device)
                .build();
    }

    private static Sample sample(Sampler sampler, DeviceModel model) {
        return sampler.sample(Request.seed(SEED).withCondition(model.condition()));
    }

    private static double difference(float[] expected, float[] values) {
        double most = 0;
        for (int e = 0; e < expected.length; e++) {
            most = Math.max(most, Math.abs((double) expected[e] - values[e]));
        }
        return most;
    }
}
