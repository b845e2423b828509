/** The bound functions of {@code libparaflux} and the loading of it. Internal: nothing here is for users. */
package dev.paraflux.kernel;
