package net.spillway.relay.intake;

import java.util.Optional;
import net.spillway.conf.Wildmat;

/**
 * Who posts an article.
 *
 * @param host the address it comes from
 * @param account whom the client logged in as
 * @param read the groups it may read
 * @param post the groups it may post to
 * @param approve the moderated groups for which it may approve articles
 */
public record Poster(String host, Optional<String> account, Wildmat read, Wildmat post,
        Wildmat approve) {
}
