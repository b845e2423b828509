/** What goes around a denoiser: guidance, painting under masks, limits of the sample, other words and other levels. */
package dev.paraflux.model.around;
