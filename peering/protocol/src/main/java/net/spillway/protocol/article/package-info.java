/**
 * What RFC 5536 and 5537 ask of an article's fields: the checks that injecting and relaying agents
 * share, and the syntax of Newsgroups, Path and Xref.
 *
 * <p>Everything is a pure function of fields and a time. Start reading at
 * {@link net.spillway.protocol.article.ArticleChecks}.
 */
package net.spillway.protocol.article;
