package net.spillway.tools;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.LoggerFactory;

/**
 * What is logged, and where: to standard error, warnings only for the commands people run by hand,
 * everything from INFO on, with the time, for a relay. In code rather than XML, which would cost
 * every command a tenth of a second; {@code -Dlogback.configurationFile=FILE} (in
 * {@code SPILLWAY_JAVA_OPTS}) goes before it.
 */
public final class LogSetup extends ContextAwareBase implements Configurator {
    private static final String FOR_PEOPLE = "%level: %msg%n%nopex";
    private static final String FOR_OPERATORS =
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0}: %msg%n";

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (System.getProperty("logback.configurationFile") != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        apply(context, Level.WARN, FOR_PEOPLE);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Logs as a server does, from now on; at that level of Logback. */
    public static void forOperators(String level) {
        if (System.getProperty("logback.configurationFile") == null
                && LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            apply(context, Level.toLevel(level, Level.INFO), FOR_OPERATORS);
        }
    }

    private static void apply(LoggerContext context, Level level, String pattern) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(pattern);
        encoder.start();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setName("stderr");
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        root.addAppender(appender);
        // What libraries have to say at debug level is for their authors.
        root.setLevel(level.isGreaterOrEqual(Level.INFO) ? level : Level.INFO);
        context.getLogger("net.spillway").setLevel(level);
        // MINA calls each connection that breaks an error; relay and feeds log what matters of it.
        context.getLogger("org.apache.mina").setLevel(Level.OFF);
    }
}
