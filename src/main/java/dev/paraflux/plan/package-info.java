/**
 * Which method draws a model's samples best on this machine: what calls take is measured, rounds are counted on a few
 * samples, and the rest is reckoned.
 */
package dev.paraflux.plan;
