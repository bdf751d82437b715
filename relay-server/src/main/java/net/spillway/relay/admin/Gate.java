package net.spillway.relay.admin;

import com.sun.net.httpserver.HttpExchange;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Who may come in: whoever shows the token, in an Authorization field, or as the cookie that a
 * browser was given for it. The cookie is of no use to scripts nor to pages of others (HttpOnly,
 * SameSite=Strict). Its name has the port in it, since cookies are shared among ports.
 */
final class Gate {
    private static final String BEARER = "Bearer ";
    private static final int MONTH_SECONDS = 30 * 24 * 3600;

    private final AdminToken token;
    private final String cookieName;
    private final String cookieEnd;

    Gate(AdminToken token, int port, boolean tls) {
        this.token = token;
        this.cookieName = "spillway-" + port;
        this.cookieEnd = "; Path=/; HttpOnly; SameSite=Strict" + (tls ? "; Secure" : "");
    }

    boolean admits(HttpExchange exchange) {
        String bearer = exchange.getRequestHeaders().getFirst("Authorization");
        if (bearer != null && bearer.startsWith(BEARER)
                && token.isToken(bearer.substring(BEARER.length()).strip())) {
            return true;
        }
        List<String> cookies = exchange.getRequestHeaders().getOrDefault("Cookie", List.of());
        return cookies.stream().flatMap(line -> Arrays.stream(line.split(";")))
                .map(String::strip)
                .filter(cookie -> cookie.startsWith(cookieName + "="))
                .anyMatch(cookie -> token.isCookie(cookie.substring(cookieName.length() + 1)));
    }

    boolean isToken(String given) {
        return token.isToken(given.strip());
    }

    /** For the field Set-Cookie. */
    String cookie() {
        return cookieName + "=" + token.cookie() + "; Max-Age=" + MONTH_SECONDS + cookieEnd;
    }

    /** For the field Set-Cookie: the browser forgets it. */
    String noCookie() {
        return cookieName + "=; Max-Age=0" + cookieEnd;
    }

    /** What a form or a query says of the token. */
    static Optional<String> tokenIn(String form) {
        return Arrays.stream((form == null ? "" : form).split("&"))
                .filter(field -> field.startsWith("token="))
                .map(field -> decoded(field.substring("token=".length())))
                .findFirst();
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
