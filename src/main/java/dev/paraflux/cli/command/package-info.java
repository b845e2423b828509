/**
 * The commands, {@code sample}, {@code compare}, {@code fit} and {@code doctor}, and the runs that they are made of. No
 * part of the library's public API.
 */
package dev.paraflux.cli.command;
