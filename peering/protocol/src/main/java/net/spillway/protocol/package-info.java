/**
 * The words relays and clients speak: NNTP lines and blocks (RFC 3977, 4643, 4644), articles in
 * wire form (RFC 5536) and yEnc 1.3 bodies.
 *
 * <p>Nothing here does input or output, keeps threads or knows a transport: bytes go in, values
 * come out, and every untrusted length is bounded. Only the JDK is used. Start reading at
 * {@link net.spillway.protocol.BlockDecoder} and {@link net.spillway.protocol.WireArticle}.
 */
package net.spillway.protocol;
