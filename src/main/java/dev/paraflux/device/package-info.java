/**
 * Where rows live and who works on them: devices, off-heap buffers of float32 rows, queues of work, and the lists of work
 * that a queue runs, each in one native call.
 */
package dev.paraflux.device;
