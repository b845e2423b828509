/** TorchScript modules as denoisers, run by libtorch, and the demo model. */
package dev.paraflux.model.torch;
