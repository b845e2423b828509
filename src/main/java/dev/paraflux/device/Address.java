package dev.paraflux.device;

import org.bytedeco.javacpp.Pointer;

/** An address as native code takes it: points to what somebody else owns. */
final class Address extends Pointer {
    Address(long value) {
        address = value;
    }
}
