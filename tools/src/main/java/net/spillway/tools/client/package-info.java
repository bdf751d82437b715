/**
 * NNTP clients: {@link net.spillway.tools.client.PipelinedClient} for bulk transfer, and
 * {@link net.spillway.tools.client.QuestionClient}, over Commons Net, for a question or two.
 */
package net.spillway.tools.client;
