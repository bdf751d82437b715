/**
 * What becomes of an article that comes in: {@link net.spillway.relay.intake.InjectingAgent} and
 * {@link net.spillway.relay.intake.RelayingAgent} decide, as plain functions of the article, the
 * sender and the time (RFC 5537, sections 3.5 and 3.6); {@link net.spillway.relay.intake.Intake}
 * is the I/O around them.
 */
package net.spillway.relay.intake;
