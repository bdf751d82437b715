package net.spillway.tools.demo;

import java.nio.file.Path;
import java.util.List;

/**
 * What to show.
 *
 * @param files files and folders to post; empty: generated ones
 * @param seed chooses the generated contents and the articles that get lost
 * @param keep leave the temporary folder there, with configurations, spools and logs
 */
public record DemoRequest(List<Path> files, long seed, boolean keep) {
    public DemoRequest {
        files = List.copyOf(files);
    }
}
