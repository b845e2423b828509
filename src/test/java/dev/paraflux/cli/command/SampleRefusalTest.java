package dev.paraflux.cli.command;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SampleRefusalTest extends SampleRefusals {
    @ParameterizedTest
    @CsvSource(delimiter = '|',
            textBlock = """
                    --steps 0           | --steps 0: must be 1 or more
                    --steps -3          | --steps -3: must be 1 or more
                    --steps 1001        | 1001: must be 1 to 1000
                    --steps ten         | --steps "ten": must be a whole number, at most 2147483647
                    --labels 10         | --labels 10: must be 0 to 9
                    --labels 3,-1       | --labels -1: must be 0 to 9
                    --labels 3,three    | --labels "three": must be whole numbers, at most 2147483647
                    --count 0           | --count 0: must be 1 to 65536
                    --labels 1 --count 2| --count 2: must be left out where --labels is given
                    --eta 1.5           | eta 1.5: must be 0 to 1
                    --eta NaN           | eta NaN: must be 0 to 1
                    --eta -0.5 --model no.pt | eta -0.5: must be 0 to 1
                    --solver ddpm --eta 0 --model no.pt | --eta 0.0: must be left out with --solver ddpm: only ddim
                    --solver rk4        | --solver "rk4": must be one of ddim, ddpm, euler, heun, dpm-solver-2, dpm++-2s, dpm++-2s-middle,
                    --solver unipc-2 --steps 0 | --steps 0: must be 1 or more
                    --solver flow-heun  | must be 1, the line of flow matching
                    --sigmas linear     | --sigmas "linear": must be numbers with commas between them, noisiest first, or one of karras, exponential
                    --sigmas 9,1,0 --timesteps 900,10 | --sigmas
                    --sigmas 9,1,0 --spacing trailing --steps 3 | --sigmas 9,1,0: must be of 3 steps, as --steps says, or --steps left out
                    --sigmas 9,0,1  | --sigmas[2] 1.0: must be below the one before, which is 0.0
                    --sigmas 9      | --sigmas 9: must be two or more
                    --sigmas 9,,0   | --sigmas "9,,0": must be numbers with commas between them
                    --timesteps NaN | --timesteps[0] NaN: must be 0 or more, and finite
                    --timesteps 900,500.5 | --timesteps[1] 500.5: must be a whole number
                    --timesteps 1000,500 | --timesteps[0] 1000.0: must be at most 999, the noisiest training step
                    --timesteps ays-xl --steps 20 | --timesteps 999,845,730,587,443,310,193,116,53,13: must be of 20 steps, as --steps says
                    --timesteps ays --steps 20 | --timesteps "ays": must be numbers with commas between them, noisiest first, or one of ays-sd, ays-xl
                    --timesteps 900,500 --sigmas karras | must be left out where
                    --timesteps 900,500 --solver ddim --own-terms --steps 1 | --timesteps 900,500: must be of 1 steps
                    --timesteps 900,500 --solver deis | --timesteps 900,500: must be left out with DEISMultistepScheduler; they are taken by DDPMScheduler,
                    --flow-sigmas pipeline | --flow-sigmas PIPELINE: must be left out, but for FlowMatchEulerDiscreteScheduler
                    --sequence-length 9 | --sequence-length 9: must be left out where the scheduler has no use_dynamic_shifting
                    --sigmas karras --spacing leading | --sigmas KARRAS: must be left out where --spacing is given
                    --sigmas karras --steps 0 | --steps 0: must be 1 or more
                    --rescale 1.5 --model no.pt | --rescale 1.5: must be 0 to 1
                    --guidance-interval 1 --model no.pt | --guidance-interval [1.0]: must be two numbers, LOW,HIGH
                    --guidance-interval 1,2,3 --model no.pt | --guidance-interval [1.0, 2.0, 3.0]: must be two numbers
                    --guidance-interval 2,1 --model no.pt | --guidance-interval [2.0, 1.0]: must be LOW,HIGH with LOW 0 or more, and HIGH above LOW
                    --guidance-interval -1,1 --model no.pt | --guidance-interval [-1.0, 1.0]: must be LOW,HIGH with LOW 0 or more, and HIGH above LOW
                    --clip 0 --model no.pt | --clip 0.0: must be above 0, and finite
                    --clip Infinity --model no.pt | --clip Infinity: must be above 0, and finite
                    --threshold 1.5 --model no.pt | --threshold 1.5: must be 0 to 1
                    --threshold NaN --model no.pt | --threshold NaN: must be 0 to 1
                    --clip 1 --threshold 0.9 --model no.pt | --threshold 0.9: must be left out where --clip is given
                    --spacing karras    | --spacing "karras": must be one of leading, trailing, linspace
                    --guidance NaN      | --guidance NaN: must be finite
                    --seed 1.5          | --seed "1.5": must be a whole number, -9223372036854775808 to 18446744073709551615
                    --method jacobi     | --method "jacobi": must be one of sequential, picard, parataa, sparse, srds, chords
                    --window 3          | --window is not used by --method sequential
                    --method picard --order 3 | --order is not used by --method picard; what is used: --window, --pixel-tolerance, --unrolling
                    --method picard --history 3 | --history is not used by --method picard; what is used: --window, --pixel-tolerance, --unrolling
                    --method picard --ridge 0.1 | --ridge is not used by --method picard; what is used: --window, --pixel-tolerance, --unrolling
                    --method picard --first-guess x0 | --first-guess is not used by --method picard; what is used: --window, --pixel-tolerance, --unrolling
                    --method picard --window 0 | window 0: must be 1 or more
                    --method picard --pixel-tolerance NaN | --pixel-tolerance NaN: must be 0 or more, and finite
                    --method picard --max-rounds 0 | --max-rounds 0: must be 1 or more
                    --method parataa --window -1 | window -1: must be 1 or more
                    --method parataa --order 0 | order 0: must be 1 or more
                    --method parataa --history 9 | history 9: must be 1 to 8
                    --method parataa --history three | --history "three": must be a whole number, at most 2147483647
                    --method parataa --ridge -1 | ridge -1.0: must be 0 or more, and finite
                    --method parataa --pixel-tolerance -0.5 | --pixel-tolerance -0.5: must be 0 or more, and finite
                    --method sparse --pixel-tolerance Infinity | --pixel-tolerance Infinity: must be 0 or more, and finite
                    --method parataa --max-rounds 0 | --max-rounds 0: must be 1 or more
                    --method parataa --first-guess warm | --first-guess "warm": must be copy, x0, coarse, or coarse:STEPS with 1 step or more
                    --method parataa --first-guess coarse:0 | --first-guess "coarse:0": must be copy, x0, coarse, or coarse:STEPS with 1 step or more
                    --method parataa --first-guess coarse:x | --first-guess "coarse:x": must be copy, x0, coarse, or coarse:STEPS with 1 step or more
                    --barrier           | --barrier is not used by --method sequential
                    --method sequential --pixel-tolerance 1 | --pixel-tolerance is not used by --method sequential
                    --method srds --window 3 | --window is not used by --method srds; what is used: --blocks, --barrier, --pixel-tolera
                    --method srds --cores 3 | --cores is not used by --method srds; what is used: --blocks, --barrier, --pixel-toleran
                    --method srds --starts 0 | --starts is not used by --method srds; what is used: --blocks, --barrier, --pixel-tolera
                    --method chords --blocks 3 | --blocks is not used by --method chords; what is used: --cores, --starts, --pixel-tolera
                    --method chords --barrier | --barrier is not used by --method chords; what is used: --cores, --starts, --pixel-toler
                    --method parataa --max-refinements 3 | --max-refinements is not used by --method parataa; what is used: --window, --order, --hi
                    --method parataa --density 3 | --density is not used by --method parataa; what is used: --window, --order, --hi
                    --method sparse --density 0.5 | --density 0.5: must be 1 or more, and finite
                    --method sparse --theta 0 | --theta 0.0: must be above 0, and finite
                    --method sparse --kappa -1 | --kappa -1.0: must be above 0, and finite
                    --method sparse --cap 15 | --cap 15: must be 16 or more
                    --method sparse --blocks 3 | --blocks is not used by --method sparse; what is used: --window, --order, --hi
                    --method srds --blocks 0 --model no.pt | blocks 0: must be 1 or more
                    --method srds --blocks 3 | blocks 3: must be 1 to 2, the number of the solver's steps
                    --method srds --pixel-tolerance -1 --model no.pt | tolerance -1.0: must be 0 or more, and finite
                    --method srds --max-refinements -1 --model no.pt | --max-refinements -1: must be 0 or more
                    --method chords --cores 0 --model no.pt | cores 0: must be 1 to 64
                    --method chords --cores 65 --model no.pt | cores 65: must be 1 to 64
                    --method chords --starts 0.1,0.2 --model no.pt | --starts [0.1, 0.2]: must be a list that begins with 0
                    --method chords --starts 0,0.5,0.5 --model no.pt | --starts 0.5: must be above the start before it
                    --method chords --starts 0,1 --model no.pt | --starts 1.0: must be above the start before it
                    --method chords --starts 0,x | --starts "x": must be numbers, with commas between
                    --method chords --cores 2 --starts 0 --model no.pt | --starts [0.0]: must be left out where --cores is given
                    --method chords --pixel-tolerance NaN --model no.pt | tolerance NaN: must be 0 or more, and finite
                    --method chords --max-refinements -1 --model no.pt | --max-refinements -1: must be 0 or more
                    --threads 0         | --threads 0: must be 1 to
                    --threads 100000    | --threads 100000: must be 1 to
                    --replicas 0        | --replicas 0: must be 1 to
                    --replicas 100000   | --replicas 100000: must be 1 to
                    --timeout 0         | --timeout 0.0: must be above 0 and below 1e9 seconds
                    --timeout -1        | --timeout -1.0: must be above 0 and below 1e9 seconds
                    --device gpu        | --device "gpu": must be cpu, or cuda: and the index of a device, as in cuda:0
                    --device cuda:      | --device "cuda:": must be cpu, or cuda: and the index of a device, as in cuda:0
                    --device cuda:-1    | --device "cuda:-1": must be cpu, or cuda: and the index of a device, as in cuda:0
                    --timeout NaN       | --timeout NaN: must be above 0 and below 1e9 seconds
                    """)
    void aValueOutOfRange(String arguments, String message) {
        requireRefusal(List.of((Object[]) arguments.split(" ")), message);
    }
}
