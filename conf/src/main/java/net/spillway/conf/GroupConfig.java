package net.spillway.conf;

/**
 * A newsgroup that exists here from the start on.
 *
 * @param name as in RFC 5536, section 3.1.4
 * @param status {@code y} posting allowed, {@code n} not, {@code m} moderated (RFC 3977, 7.6.3)
 * @param description one line for LIST NEWSGROUPS, possibly empty
 */
public record GroupConfig(String name, char status, String description) {
}
