package dev.paraflux.pipeline;

import dev.paraflux.Request;
import dev.paraflux.check.IllegalValueException;
import dev.paraflux.check.Require;
import dev.paraflux.model.Condition;
import dev.paraflux.schedule.TimeGrid;
import dev.paraflux.solver.Solver;
import dev.paraflux.solver.TriangularSystem;

/** Turns a picture's request into one of a sampler. Noise is drawn in the order of diffusers' pipelines. */
final class AskedPicture {
    private final Pipeline pipeline;
    private final PictureRequest picture;
    private final PictureRequest.Begin begin;
    private final PictureNoise noise;
    private final boolean takesMask;

    AskedPicture(Pipeline pipeline, PictureRequest picture) {
        this.pipeline = pipeline;
        this.picture = picture;
        begin = picture.begin();
        takesMask = pipeline.folder().takesMask();
        if (begin.picture() != null && pipeline.folder().kind() == PipelineKind.LATENT_CONSISTENCY) {
            throw new IllegalValueException("picture", "given", "left out for pipeline " + pipeline.folder().folder()
                    + ", of LatentConsistencyModelPipeline, whose strength means other steps; in one of"
                    + " StableDiffusionPipeline the same UNet begins from pictures as any other");
        }
        if (takesMask && begin.mask() == null) {
            throw Painted.missing(pipeline.folder());
        }
        noise = new PictureNoise(picture.noise(), pipeline.denoiser().dim());
    }

    /** See {@link Pipeline#request}. */
    Request request(TimeGrid steps, Solver solver) {
        Condition text = pipeline.condition(picture);
        Request request = begun(Request.seed(picture.seed()));
        float[] start = picture.noise().start() == null ? noise.next() : picture.noise().start();
        request = request.withStart(start).withCondition(takesMask ? painted(text) : text);
        if (begin.mask() != null && !takesMask) {
            // diffusers encodes what the mask leaves as well, for denoisers that would take it.
            noise.ofPicture();
        }
        TriangularSystem system = solver.checkedSystem(steps, pipeline.denoiser().prediction());
        float[] rows = noise.rows(system);
        if (rows != null && begin.mask() != null && !takesMask) {
            Require.length(pipeline.denoiser().dim(), "start", start.length);
            KnownNoise.keep(rows, system, start, pipeline.latentMask(begin.mask()));
        }
        return rows == null ? request : request.withRowNoise(rows);
    }

    /** With the picture that it begins from. What is known is left to a denoiser that takes the mask. */
    private Request begun(Request request) {
        // From noise alone where all is painted over: nothing of the picture is to be seen there.
        boolean fromNoise = begin.mask() != null && begin.strength() == 1;
        if (begin.picture() == null || takesMask && fromNoise) {
            return request;
        }
        float[] known = pipeline.encode(begin.picture(), noise.ofPicture());
        Request begun = fromNoise ? request : request.withImage(known);
        return begin.mask() == null || takesMask ? begun : begun.withMask(known, pipeline.latentMask(begin.mask()));
    }

    private Condition painted(Condition text) {
        float[] mask = pipeline.latentMask(begin.mask());
        float[] rest = Painted.rest(begin.picture(), begin.mask());
        return Painted.with(text, pipeline.latentShape(), mask, pipeline.encode(rest, noise.ofPicture()));
    }
}
