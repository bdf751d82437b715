/**
 * {@code spillway demo}: the main job once through, on real processes, files and sockets. Read
 * {@link net.spillway.tools.demo.Demo}, which is the story; {@code Ring} and {@code RelayProcess}
 * are its relays, {@code SampleFiles} what is posted unless the caller has files, {@code Losses}
 * what gets lost on the way.
 */
package net.spillway.tools.demo;
