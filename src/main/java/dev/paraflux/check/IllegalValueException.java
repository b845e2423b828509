package dev.paraflux.check;

import java.util.Objects;

/**
 * A value that cannot be used. The message has one form in the whole library, {@code NAME VALUE: must be LEGAL}, after
 * the place that the value was read from, if it was: {@code model.json: labels 0: must be 1 or more}. The parts are kept,
 * so that a program can say the same in the words of its own user: see {@link #named}.
 */
public final class IllegalValueException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;
    /** As much of a wrong value as a message shows: it may be a whole file. */
    private static final int SHOWN = 80;

    private final String place;
    private final String name;
    private final String value;
    private final String legal;

    /**
     * A value outside its range.
     *
     * @param name  what the caller knows the value as: a parameter, a key, an option
     * @param value what was given; a text is quoted, a long value cut short
     * @param legal what can be used instead, so that "must be" can stand before it
     */
    public IllegalValueException(String name, Object value, String legal) {
        this(name, value, legal, null);
    }

    /** A value that something else found to be illegal. */
    public IllegalValueException(String name, Object value, String legal, Throwable cause) {
        this("", name, shown(value), legal, cause);
    }

    private IllegalValueException(String place, String name, String value, String legal, Throwable cause) {
        super(place + name + " " + value + ": must be " + legal, cause);
        this.place = place;
        this.name = Objects.requireNonNull(name, "name");
        this.value = value;
        this.legal = Objects.requireNonNull(legal, "legal");
    }

    /** A value that is needed and was not given. */
    public static IllegalValueException missing(String name, String legal) {
        return new IllegalValueException("", name, "missing", legal, null);
    }

    /** The same, of a value that was read from a file or another place, which the message then begins with. */
    public IllegalValueException in(String where) {
        return new IllegalValueException(where + ": " + place, name, value, legal, this);
    }

    /** The same, of a value that the reader of the message knows by another name. */
    public IllegalValueException named(String otherName) {
        return new IllegalValueException(place, otherName, value, legal, this);
    }

    /** The same, where the reader of the message can use other values than the thrower knows of. */
    public IllegalValueException withLegal(String otherLegal) {
        return new IllegalValueException(place, name, value, otherLegal, this);
    }

    /** Where the value was read, with a colon and a space behind each part; empty where it was not read. */
    public String place() {
        return place;
    }

    /** What the value is called. */
    public String name() {
        return name;
    }

    /** What was given, as the message shows it. */
    public String value() {
        return value;
    }

    /** What is legal. */
    public String legal() {
        return legal;
    }

    private static String shown(Object value) {
        String text = String.valueOf(value).strip();
        String cut = text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
        return value instanceof CharSequence ? '"' + cut + '"' : cut;
    }
}
