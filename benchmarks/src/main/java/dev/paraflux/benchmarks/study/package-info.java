/**
 * Studies: programs that measure what a page of the documentation says, and print its table or draw its plot. They are run
 * one at a time, by hand; what is timed by JMH is in the package above.
 */
package dev.paraflux.benchmarks.study;
