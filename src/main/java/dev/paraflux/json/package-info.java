/** JSON as files of settings use it: read with errors that name file, key, value and what is legal. */
package dev.paraflux.json;
