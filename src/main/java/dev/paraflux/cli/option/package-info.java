/**
 * What a command can be given: groups of options, the words that they take, and what they come to once they are checked.
 * No part of the library's public API.
 */
package dev.paraflux.cli.option;
