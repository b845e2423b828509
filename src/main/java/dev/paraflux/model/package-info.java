/** Pretrained denoisers: what a model must do, TorchScript modules, guidance, and models whose score is exact. */
package dev.paraflux.model;
