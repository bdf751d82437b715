package net.spillway.tools.post;

import java.nio.file.Path;
import java.time.Duration;

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
 * @param elapsed wall time, from reading the first octet to the manifest's final name
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
        Duration elapsed) {}
