package net.spillway.tools.cli;

/**
 * A share as people write it: {@code 10%}, {@code 10} or {@code 7.5%}.
 *
 * @param value 0 to 1000
 */
record Percentage(double value) {
    Percentage {
        if (!(value >= 0 && value <= 1000)) {
            throw new IllegalArgumentException(value + " % is not between 0 and 1000 %");
        }
    }

    static Percentage parse(String text) {
        String number = text.strip();
        if (number.endsWith("%")) {
            number = number.substring(0, number.length() - 1).strip();
        }
        // Java's own parser takes "0x1p3", "1d" and "NaN" besides.
        if (!number.matches("\\d{1,4}(\\.\\d{1,6})?")) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is not a percentage; write, for example, 10%");
        }
        return new Percentage(Double.parseDouble(number));
    }
}
