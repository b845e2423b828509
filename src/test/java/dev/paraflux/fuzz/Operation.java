package dev.paraflux.fuzz;

import dev.paraflux.check.IllegalValueException;
import java.util.Random;
import java.util.Set;

/**
 * One kind of call that a fuzz makes, with arguments that may be legal or not.
 *
 * @param name      for the message of a failure
 * @param call      makes the call, and updates what the fuzz knows if, and only if, it returns
 * @param refusals  the exception types that the documentation of the call names; their subclasses count as them
 */
record Operation(String name, Call call, Set<Class<?>> refusals) {
    static final Class<?> ARGUMENT = IllegalValueException.class;
    static final Class<?> INDEX = IndexOutOfBoundsException.class;
    static final Class<?> STATE = IllegalStateException.class;

    /** Makes one call. */
    interface Call {
        void run(Random random) throws Exception;
    }

    static Operation of(String name, Call call, Class<?>... refusals) {
        return new Operation(name, call, Set.of(refusals));
    }

    /** Whether the call was refused; a failure that is not documented is thrown on. */
    boolean refused(Random random) {
        try {
            call.run(random);
            return false;
        } catch (Throwable failure) {
            if (refusals.stream().noneMatch(type -> type.isInstance(failure))) {
                throw new AssertionError(name + ": " + failure + " is not documented", failure);
            }
            return true;
        }
    }
}
