/**
 * The relay's figures in Prometheus' text format. The counters themselves are kept where things
 * happen, and looked at only when somebody asks.
 */
package net.spillway.relay.metrics;
