package dev.paraflux.cli.report;

import java.awt.Graphics2D;

/**
 * Words in pictures, drawn without a font: machines without a screen often have none, and Java fails there. Small letters,
 * digits and a few signs, of five by seven dots each.
 */
final class Letters {
    private static final int DOTS_ACROSS = 5;
    private static final int DOTS_DOWN = 7;
    private static final String SIGNS = "0123456789abcdefghijklmnopqrstuvwxyz.-";
    /** Column by column, the lowest bit on top. */
    private static final String DOTS = "3e5149453e 00427f4000 4261514946 2141454b31 1814127f10 2745454539 3c4a494930"
            + " 0171090503 3649494936 064949291e 2054545478 7f48444438 3844444420 384444487f 3854545418 087e090102"
            + " 0c5252523e 7f08040478 00447d4000 2040443d00 7f10284400 00417f4000 7c04180478 7c08040478 3844444438"
            + " 7c14141408 081414187c 7c08040408 4854545420 043f444020 3c4040207c 1c2040201c 3c4030403c 4428102844"
            + " 0c5050503c 4464544c44 0060600000 0808080808";

    private final int dot;

    /** @param dot pixels of a dot, in both directions */
    Letters(int dot) {
        this.dot = dot;
    }

    /** Pixels that a word takes. */
    int width(String word) {
        return Math.max(0, word.length() * (DOTS_ACROSS + 1) - 1) * dot;
    }

    /** Pixels from the top of a letter to its foot. */
    int height() {
        return DOTS_DOWN * dot;
    }

    /** Draws a word in the pen's colour; what is no letter here is left out. */
    void draw(Graphics2D pen, String word, int left, int top) {
        for (int i = 0; i < word.length(); i++) {
            int sign = SIGNS.indexOf(word.charAt(i));
            for (int column = 0; column < DOTS_ACROSS && sign >= 0; column++) {
                int at = sign * (2 * DOTS_ACROSS + 1) + 2 * column;
                int bits = Integer.parseInt(DOTS.substring(at, at + 2), 16);
                for (int row = 0; row < DOTS_DOWN; row++) {
                    if ((bits >> row & 1) != 0) {
                        pen.fillRect(left + (i * (DOTS_ACROSS + 1) + column) * dot, top + row * dot, dot, dot);
                    }
                }
            }
        }
    }
}
