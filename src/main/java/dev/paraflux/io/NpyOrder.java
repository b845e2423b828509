package dev.paraflux.io;

/** Brings the elements of an array in Fortran order, the first index fastest, into C order, the last index fastest. */
final class NpyOrder {
    private NpyOrder() {}

    /** The same elements in C order; so many bytes each. */
    static byte[] toC(byte[] fortran, int[] shape, int elementBytes) {
        byte[] ordered = new byte[fortran.length];
        int[] strides = new int[shape.length];
        int stride = elementBytes;
        for (int i = 0; i < shape.length; i++) {
            strides[i] = stride;
            stride *= shape[i];
        }
        int[] index = new int[shape.length];
        int from = 0;
        for (int to = 0; to < ordered.length; to += elementBytes) {
            System.arraycopy(fortran, from, ordered, to, elementBytes);
            for (int i = shape.length - 1; i >= 0; i--) {
                from += strides[i];
                if (++index[i] < shape[i]) {
                    break;
                }
                from -= shape[i] * strides[i];
                index[i] = 0;
            }
        }
        return ordered;
    }
}
