/**
 * What the launcher has done once, on first use, so that every later command starts faster: {@link
 * net.spillway.tools.start.Preparation} makes copies of two jars of a kind that the JVM archives,
 * so that an archive can be made of all classes that commands take; which these are, {@code
 * net.spillway.tools.Rehearsal} shows the JVM. No command uses anything of this. Start reading at
 * {@code tools/bin/spillway}.
 */
package net.spillway.tools.start;
