/**
 * Where rows live and who works on them: devices, off-heap buffers of float32 rows, and tables of row operations that
 * run in one native call.
 */
package dev.paraflux.device;
