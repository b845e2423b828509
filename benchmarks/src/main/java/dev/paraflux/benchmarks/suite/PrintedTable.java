package dev.paraflux.benchmarks.suite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a program printed: the first table of Markdown in it, and the other lines.
 *
 * @param columns its header
 * @param rows    as many cells each
 * @param notes   lines that are not of the table; empty ones left out
 */
record PrintedTable(List<String> columns, List<List<String>> rows, List<String> notes) {
    /** @throws IllegalStateException if there is no table, or one without rows */
    static PrintedTable of(List<String> lines) {
        List<String> columns = List.of();
        List<List<String>> rows = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        for (String line : lines) {
            if (!line.startsWith("|")) {
                if (!line.isBlank()) {
                    notes.add(line);
                }
            } else if (!line.startsWith("|---")) {
                List<String> cells = Arrays.stream(line.substring(1).split("\\|")).map(String::strip).toList();
                if (columns.isEmpty()) {
                    columns = cells;
                } else if (cells.size() == columns.size()) {
                    rows.add(cells);
                } else {
                    throw new IllegalStateException("a row of other cells than " + columns + ": " + line);
                }
            }
        }
        if (rows.isEmpty()) {
            throw new IllegalStateException("no table was printed");
        }
        return new PrintedTable(columns, rows, notes);
    }
}
