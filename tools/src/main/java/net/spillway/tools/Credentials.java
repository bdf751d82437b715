package net.spillway.tools;

import java.util.Objects;

/** A login for AUTHINFO USER and PASS. The password appears in no message, log or toString. */
public record Credentials(String user, String password) {
    public Credentials {
        Objects.requireNonNull(user);
        Objects.requireNonNull(password);
    }

    @Override
    public String toString() {
        return "Credentials[" + user + "]";
    }
}
