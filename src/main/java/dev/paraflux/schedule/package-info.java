/**
 * When and how noisy: noise schedules, the grid of levels a sample passes through, and what a model's output means.
 * The names and roundings of diffusers' {@code scheduler_config.json} hold here.
 */
package dev.paraflux.schedule;
