/**
 * The admin page and the metrics over HTTP, by the JDK's own server: {@link
 * net.spillway.relay.admin.AdminServer} answers requests, {@link net.spillway.relay.admin.Gate}
 * lets in who has the token, {@link net.spillway.relay.admin.StatusPage} makes the page, whole, as
 * text. It shows and never changes anything. Every name in it comes from outside, so that all of
 * it goes through {@link net.spillway.relay.admin.Html}.
 */
package net.spillway.relay.admin;
