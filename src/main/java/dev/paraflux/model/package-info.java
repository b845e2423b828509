/** Pretrained denoisers: what a model must do, what a sample asks of it, and models whose score is exact. */
package dev.paraflux.model;
