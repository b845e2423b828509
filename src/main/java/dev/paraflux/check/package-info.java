/**
 * How the library refuses: every illegal value ends in an {@link dev.paraflux.check.IllegalValueException} that names the
 * value and what is legal, and every failure is reported with its cause.
 */
package dev.paraflux.check;
