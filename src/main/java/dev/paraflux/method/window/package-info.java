/** Windows of neighbouring rows, all of them under way at once: Picard iteration and ParaTAA. */
package dev.paraflux.method.window;
