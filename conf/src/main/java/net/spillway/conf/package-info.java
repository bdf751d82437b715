/**
 * What an admin can say: the configuration of a relay as immutable records, the small value types
 * it is written in, and the loader that reads it from TOML.
 *
 * <p>Uses the JDK and tomlj, nothing else, and knows nothing of sockets or storage. Start reading
 * at {@link net.spillway.conf.RelayConfig} for what there is, and at
 * {@link net.spillway.conf.ConfigLoader} for how a file becomes one. The file
 * {@code samples/relay.toml} among the resources shows every key with its default.
 */
package net.spillway.conf;
