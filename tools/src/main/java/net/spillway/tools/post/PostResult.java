package net.spillway.tools.post;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What was posted.
 *
 * @param nzb the manifest
 * @param files data files, without parity
 * @param bytes octets of the data files
 * @param parityBytes octets of the recovery slices
 * @param articles all articles, of data and parity
 * @param sliceSize octets in a slice
 * @param dataSlices slices of the data
 * @param recoverySlices slices of parity
 * @param retries articles sent more than once
 * @param bytesRead octets read from the input in this process
 * @param resumedArticles articles that an earlier process had posted already
 * @param servers what each server took in this process
 * @param mirrors what each of the mirrors has that were to confirm the post
 * @param elapsed wall time, from reading the first octet to the manifest's final name
 * @param dryRun whether all this is only what would be posted
 */
public record PostResult(
        Path nzb,
        int files,
        long bytes,
        long parityBytes,
        long articles,
        long sliceSize,
        int dataSlices,
        int recoverySlices,
        long retries,
        long bytesRead,
        long resumedArticles,
        List<Server> servers,
        List<Mirror> mirrors,
        Duration elapsed,
        boolean dryRun) {
    /**
     * What a server took.
     *
     * @param bytes octets of files in the articles, without headers and encoding
     */
    public record Server(String server, long articles, long bytes) {}

    /**
     * What a mirror has.
     *
     * @param missing articles it has not got
     * @param error what was wrong with it when last asked; empty if nothing
     */
    public record Mirror(String mirror, int missing, String error) {}
}
