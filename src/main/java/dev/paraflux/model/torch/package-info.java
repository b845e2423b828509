/** TorchScript modules as denoisers, run by libtorch. */
package dev.paraflux.model.torch;
