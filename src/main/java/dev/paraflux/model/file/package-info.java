/** The door to model files: tells what a file is, and has the backend that runs it load it. */
package dev.paraflux.model.file;
