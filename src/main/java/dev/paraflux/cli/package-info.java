/**
 * The {@code paraflux} command: {@link dev.paraflux.cli.Main} puts its commands together, and says why one failed. No part
 * of the library's public API, and neither are the packages below it: {@code option} is what can be given, {@code report}
 * what is printed and drawn, and {@code command} the commands, thin ones over the library. Each knows those before it
 * alone; what is public in them is so for the next ones.
 */
package dev.paraflux.cli;
