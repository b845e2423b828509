/**
 * One command for all figures: {@link dev.paraflux.benchmarks.suite.Suite} runs each benchmark in a virtual machine of its own,
 * keeps the table that it prints, and puts figures into the pages. What a benchmark is, is a program that prints a table.
 */
package dev.paraflux.benchmarks.suite;
