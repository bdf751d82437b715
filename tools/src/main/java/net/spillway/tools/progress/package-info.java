/**
 * What a command tells the person in front of it while it works ({@link
 * net.spillway.tools.progress.Progress}: a line that updates itself on a terminal, a line every
 * few seconds elsewhere, nothing with {@code --quiet}), and the JSON it leaves for a program. All
 * progress goes to standard error, so that standard output holds results alone.
 */
package net.spillway.tools.progress;
