package dev.paraflux.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.PrettyPrinter;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import java.io.IOException;

/** Breaks lines so that whatever lies in a list takes one line: levels and steps can be read, and compared by diff. */
final class ListLines extends DefaultIndenter {
    private static final long serialVersionUID = 1;

    private ListLines() {
        super("  ", "\n");
    }

    static PrettyPrinter printer() {
        ListLines lines = new ListLines();
        return new DefaultPrettyPrinter(Separators.createDefaultInstance()
                .withObjectFieldValueSpacing(Separators.Spacing.AFTER)).withObjectIndenter(lines)
                .withArrayIndenter(lines);
    }

    @Override
    public void writeIndentation(JsonGenerator out, int level) throws IOException {
        if (inList(out.getOutputContext())) {
            out.writeRaw(' ');
        } else {
            super.writeIndentation(out, level);
        }
    }

    private static boolean inList(JsonStreamContext context) {
        JsonStreamContext around = context.getParent();
        while (around != null && !around.inArray()) {
            around = around.getParent();
        }
        return around != null;
    }
}
