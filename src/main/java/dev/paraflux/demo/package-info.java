/**
 * A small model to try things on: {@link dev.paraflux.demo.DemoModel}. It comes with the command, and not with the
 * library.
 */
package dev.paraflux.demo;
