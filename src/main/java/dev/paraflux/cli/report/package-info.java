/**
 * What a command shows of its runs: sentences, tables, JSON, pictures, and bars while they are under way. No part of the
 * library's public API.
 */
package dev.paraflux.cli.report;
