/**
 * Files: NumPy arrays and pictures, read strictly, written beside their destination and then moved into place; zip
 * archives of models, read strictly.
 */
package dev.paraflux.io;
