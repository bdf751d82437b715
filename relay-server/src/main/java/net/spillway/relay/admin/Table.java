package net.spillway.relay.admin;

import java.util.List;

/**
 * A table. On a narrow screen each row becomes a block of lines, for which every cell carries the
 * name of its column.
 */
final class Table {
    private final Html page;
    private final List<String> columns;
    private int column;

    /** Begins one. @param columns their names; one that begins with # holds numbers */
    Table(Html page, String id, String... columns) {
        this.page = page;
        this.columns = List.of(columns);
        page.raw("<table id=\"" + id + "\"><thead><tr>");
        for (String name : columns) {
            page.raw(isNumber(name) ? "<th class=n>" : "<th>").text(bare(name)).raw("</th>");
        }
        page.raw("</tr></thead><tbody>");
    }

    private static boolean isNumber(String name) {
        return name.startsWith("#");
    }

    private static String bare(String name) {
        return isNumber(name) ? name.substring(1) : name;
    }

    Table row() {
        page.raw(column == 0 ? "<tr>" : "</tr><tr>");
        column = 0;
        return this;
    }

    /** The next cell of the row. */
    Table cell(String text) {
        return cell(text, "");
    }

    /** The next cell of the row, with something to be read in small type below it. */
    Table cell(String text, String below) {
        String name = columns.get(column++);
        page.raw("<td" + (isNumber(name) ? " class=n" : "") + " data-label=\"").text(bare(name))
                .raw("\"><span>").text(text.isEmpty() ? "-" : text);
        if (!below.isEmpty()) {
            page.raw("<small>").text(below).raw("</small>");
        }
        page.raw("</span></td>");
        return this;
    }

    void end() {
        page.raw((column == 0 ? "" : "</tr>") + "</tbody></table>");
    }
}
