/**
 * Who may do what: from the address, TLS and the login of a connection to its {@link
 * net.spillway.relay.access.Rights}, by the rules of the configuration. No I/O but reading a
 * password file. What cryptography takes beyond the JDK is here too.
 */
package net.spillway.relay.access;
