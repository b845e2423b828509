/** ONNX graphs as denoisers, run by ONNX Runtime, which only those need on their class path who load such files. */
package dev.paraflux.model.onnx;
