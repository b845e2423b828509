package dev.paraflux.schedule;

import dev.paraflux.check.IllegalValueException;
import dev.paraflux.json.JsonValue;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The classes of diffusers whose files are honoured, and the keys of each: what a class does not have in this table it
 * does not read. The table of {@code docs/solvers.md} is made of it.
 */
public enum SchedulerClass {
    /** A file without a class: the keys of DDIM, on the project's own terms; see {@link SchedulerConfig}. */
    OWN("", SchedulerKeys.OWN),
    DDIM("DDIMScheduler", SchedulerKeys.DDIM, "FlaxDDIMScheduler"),
    DDIM_PARALLEL("DDIMParallelScheduler", SchedulerKeys.DDIM),
    DDPM("DDPMScheduler", SchedulerKeys.DDPM),
    DDPM_PARALLEL("DDPMParallelScheduler", SchedulerKeys.DDPM),
    PNDM("PNDMScheduler", SchedulerKeys.PNDM),
    EULER("EulerDiscreteScheduler", SchedulerKeys.EULER),
    EULER_ANCESTRAL("EulerAncestralDiscreteScheduler", SchedulerKeys.EULER_ANCESTRAL),
    HEUN("HeunDiscreteScheduler", SchedulerKeys.HEUN),
    LMS("LMSDiscreteScheduler", SchedulerKeys.LMS),
    KDPM2("KDPM2DiscreteScheduler", SchedulerKeys.KDPM2),
    KDPM2_ANCESTRAL("KDPM2AncestralDiscreteScheduler", SchedulerKeys.KDPM2),
    DPM_MULTISTEP("DPMSolverMultistepScheduler", SchedulerKeys.DPM_MULTISTEP),
    DPM_SINGLESTEP("DPMSolverSinglestepScheduler", SchedulerKeys.DPM_SINGLESTEP),
    UNIPC("UniPCMultistepScheduler", SchedulerKeys.UNIPC),
    DEIS("DEISMultistepScheduler", SchedulerKeys.DEIS),
    SA("SASolverScheduler", SchedulerKeys.SA),
    FLOW_EULER("FlowMatchEulerDiscreteScheduler", SchedulerKeys.FLOW_EULER),
    FLOW_HEUN("FlowMatchHeunDiscreteScheduler", SchedulerKeys.FLOW_HEUN),
    FLOW_LCM("FlowMatchLCMScheduler", SchedulerKeys.FLOW_LCM),
    LCM("LCMScheduler", SchedulerKeys.LCM),
    TCD("TCDScheduler", SchedulerKeys.TCD),
    COGVIDEOX_DDIM("CogVideoXDDIMScheduler", SchedulerKeys.COGVIDEOX),
    COGVIDEOX_DPM("CogVideoXDPMScheduler", SchedulerKeys.COGVIDEOX),
    EDM_EULER("EDMEulerScheduler", SchedulerKeys.EDM_EULER),
    EDM_DPM("EDMDPMSolverMultistepScheduler", SchedulerKeys.EDM_DPM);

    /** Names the class in a file. */
    static final String KEY = "_class_name";

    private final String className;
    private final List<SchedulerKey> keys;
    private final List<String> alsoRead;

    SchedulerClass(String className, List<SchedulerKey> keys, String... alsoRead) {
        this.className = className;
        this.keys = keys;
        this.alsoRead = List.of(alsoRead);
    }

    /** The class that a file names, if it is one of these; {@link #OWN} where it names none. */
    static Optional<SchedulerClass> named(JsonValue file) {
        return file.has(KEY) ? named(file.get(KEY).text()) : Optional.of(OWN);
    }

    /**
     * The class that a file names.
     *
     * @throws IllegalValueException if it is none of these
     */
    static SchedulerClass of(JsonValue file) {
        return named(file).orElseThrow(() -> file.get(KEY).wrong("one of " + String.join(", ", classNames())));
    }

    /** The class of a name, if it is one of these; another name of a class counts as well. */
    static Optional<SchedulerClass> named(String name) {
        return Arrays.stream(values())
                .filter(one -> one != OWN && (one.className.equals(name) || one.alsoRead.contains(name))).findFirst();
    }

    /** The names of all of them. */
    public static List<String> classNames() {
        return Arrays.stream(values()).filter(one -> one != OWN).map(SchedulerClass::className).toList();
    }

    /** As it is written in {@code _class_name}; empty for {@link #OWN}. */
    public String className() {
        return className;
    }

    /** The keys of this class, in the order of the table. */
    List<SchedulerKey> keys() {
        return keys;
    }

    /** Whether its models are of flow matching, whatever the file says. */
    public boolean isFlow() {
        return this == FLOW_EULER || this == FLOW_HEUN || this == FLOW_LCM;
    }

    /** Whether a key means anything to this class. */
    boolean has(String key) {
        return keys.stream().anyMatch(one -> one.name().equals(key));
    }
}
