package net.spillway.relay.peering;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/** Named values as text: in files as lines, on the wire and in tokens as one word. */
final class Fields {
    private final Map<String, String> values = new TreeMap<>();

    Fields with(String name, String value) {
        values.put(name, value);
        return this;
    }

    /** @throws PeeringException if it is not there */
    String get(String name) throws PeeringException {
        String value = values.get(name);
        if (value == null) {
            throw new PeeringException("it is not whole: it does not say its " + name);
        }
        return value;
    }

    Optional<String> find(String name) {
        return Optional.ofNullable(values.get(name));
    }

    String getOr(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    String toLines() {
        Properties properties = new Properties();
        properties.putAll(values);
        StringWriter out = new StringWriter();
        try {
            properties.store(out, null);
        } catch (IOException e) {
            throw new AssertionError("memory does not fail", e);
        }
        return out.toString();
    }

    static Fields ofLines(String text) throws PeeringException {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(text));
        } catch (IOException | IllegalArgumentException e) {
            throw new PeeringException("it cannot be read", e);
        }
        Fields fields = new Fields();
        properties.stringPropertyNames().forEach(
                name -> fields.with(name, properties.getProperty(name)));
        return fields;
    }

    String toWord() {
        return Base64.getUrlEncoder().withoutPadding()
                .encodeToString(toLines().getBytes(StandardCharsets.UTF_8));
    }

    static Fields ofWord(String word) throws PeeringException {
        try {
            return ofLines(new String(Base64.getUrlDecoder().decode(word.strip()),
                    StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new PeeringException("it is not whole: a letter is wrong or missing", e);
        }
    }
}
