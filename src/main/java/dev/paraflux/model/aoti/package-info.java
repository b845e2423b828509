/** Models that AOTInductor compiled ahead of time, run on libtorch. */
package dev.paraflux.model.aoti;
