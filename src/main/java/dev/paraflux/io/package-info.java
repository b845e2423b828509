/**
 * Files: NumPy arrays and pictures, read strictly, written beside their destination and then moved into place.
 */
package dev.paraflux.io;
