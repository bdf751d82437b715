/**
 * A pipelined NNTP client for bulk transfer: {@link net.spillway.tools.client.PipelinedClient}.
 */
package net.spillway.tools.client;
