package net.spillway.fec.engine;

/**
 * Where bytes of rows lie that are kept in tiles: some columns of all rows in turn, then the next
 * columns of all rows, and so on. Who works on the same columns of all rows then goes through
 * memory from beginning to end, which processors are good at.
 *
 * @param rows how many rows
 * @param columns bytes of a row
 * @param width columns of a tile, at least 1; the last tile has what is left
 */
public record Tiles(int rows, int columns, int width) {
    /** Bytes of all rows. */
    public long size() {
        return (long) rows * columns;
    }

    /** Where a byte of a row is; those behind it follow to the end of its tile. */
    public long at(int row, long column) {
        long tile = column / width * width;
        return tile * rows + row * Math.min(width, columns - tile) + column - tile;
    }

    /** How many of {@code length} columns from one on are in its tile. */
    public int run(int column, int length) {
        return Math.min(length, width - column % width);
    }
}
