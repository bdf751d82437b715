package net.spillway.conf;

/**
 * Our login at somebody else's server.
 *
 * @param user the name sent with AUTHINFO USER
 * @param password where the password lies
 */
public record Credentials(String user, PasswordFile password) {
}
