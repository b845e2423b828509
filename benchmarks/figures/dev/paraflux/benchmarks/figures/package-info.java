/**
 * What the benchmarks measured, and how it gets into the pages: files of {@code benchmarks/results}, figures between marks in
 * Markdown. It needs Jackson alone, so that the tests of the library can hold the pages to the files.
 */
package dev.paraflux.benchmarks.figures;
