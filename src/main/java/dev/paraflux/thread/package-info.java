/** Threads that last as long as the process: who begins them leaves nothing of its own with them, and whether there can be more. */
package dev.paraflux.thread;
