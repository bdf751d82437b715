package net.spillway.relay.admin;

/** What all pages have in common, and the one that asks for the token. */
final class Pages {
    private Pages() {
    }

    /** @param refreshes whether the browser asks again by itself */
    static void begin(Html page, String title, boolean refreshes) {
        page.raw("<!DOCTYPE html><html lang=en><head><meta charset=utf-8>"
                + "<meta name=viewport content=\"width=device-width, initial-scale=1\">"
                + "<meta name=color-scheme content=\"light dark\">");
        if (refreshes) {
            page.raw("<meta http-equiv=refresh content=30>");
        }
        page.raw("<title>").text(title).raw("</title><link rel=stylesheet href=/style.css>"
                + "</head><body>");
    }

    static String end(Html page) {
        return page.raw("</body></html>\n").toString();
    }

    /** @param wrong whether a token was given that is none */
    static String login(String identity, boolean wrong) {
        Html page = new Html();
        begin(page, identity, false);
        page.raw("<main class=login><h1>").text(identity).raw("</h1>");
        if (wrong) {
            page.raw("<p class=warning>That is not the token.</p>");
        }
        page.raw("<form method=post action=/login><label>Token <input type=password name=token"
                + " autocomplete=off autofocus></label><button>Open</button></form>"
                + "<p class=remark>It is the first line of the token's file on the relay's"
                + " machine: admin.token in the data folder, if the configuration names no"
                + " other.</p></main>");
        return end(page);
    }
}
