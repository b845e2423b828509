/** Pictures from words: folders of diffusion pipelines, from the prompt's tokens to the picture's pixels. */
package dev.paraflux.pipeline;
