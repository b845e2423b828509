package dev.paraflux.pipeline;

/**
 * What a text comes to for a text encoder.
 *
 * @param ids  as many as the encoder takes: the start, the text, the end, and padding
 * @param lost the end of the text that did not fit, as the tokenizer reads it; empty if all did
 */
record ClipTokens(long[] ids, String lost) {}
