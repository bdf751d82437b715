package net.spillway.conf;

/**
 * Somebody who may log in here.
 *
 * @param name what is sent with AUTHINFO USER
 * @param password where the password lies
 */
public record UserConfig(String name, PasswordFile password) {
}
