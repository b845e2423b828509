package dev.paraflux.cli.report;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Map;
import javax.imageio.ImageIO;

/** Pieces of a page that needs nothing beside it. */
final class Html {
    private Html() {}

    /** A text that means nothing else to a browser. */
    static String text(String words) {
        return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }

    /** Texts by their names. */
    static String facts(Map<String, String> facts) {
        StringBuilder html = new StringBuilder("<dl>");
        facts.forEach((name, words) -> html.append("<dt>").append(text(name)).append("</dt><dd>").append(text(words))
                .append("</dd>"));
        return html.append("</dl>").toString();
    }

    /** A picture as an address. */
    static String address(BufferedImage image) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    /** A picture that is no wider and no higher than so many pixels. */
    static BufferedImage shrunk(BufferedImage image, int most) {
        int longer = Math.max(image.getWidth(), image.getHeight());
        if (longer <= most) {
            return image;
        }
        int width = Math.max(1, image.getWidth() * most / longer);
        int height = Math.max(1, image.getHeight() * most / longer);
        BufferedImage small = new BufferedImage(width, height, image.getType());
        Graphics2D pen = small.createGraphics();
        pen.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        pen.drawImage(image, 0, 0, width, height, null);
        pen.dispose();
        return small;
    }
}
