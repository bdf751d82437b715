package net.spillway.spool;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.spillway.spool.segment.LogRecord;

/**
 * Where an article lies, and what its record says of it.
 *
 * @param storage    its storage class
 * @param file       its segment file; "" if it lies in memory
 * @param sequence   its place in the log
 * @param source     the peer it came from, or ""
 * @param wireLength octets that sending it takes, the final {@code .CRLF} included
 * @param numbers    its number in each group it was filed in, in the order of its Newsgroups
 */
public record ArticlePlace(ArticleToken token, String storage, String file, long sequence,
        Instant arrival, String source, int wireLength, Map<String, Long> numbers) {

    static ArticlePlace of(ArticleToken token, String storage, String file,
            LogRecord.Article record) {
        return new ArticlePlace(token, storage, file, record.sequence(),
                Instant.ofEpochMilli(record.arrival()), record.source(), record.wireLength(),
                numbers(record.filed()));
    }

    /** The same with these numbers only. */
    public ArticlePlace with(Map<String, Long> shown) {
        return new ArticlePlace(token, storage, file, sequence, arrival, source, wireLength, shown);
    }

    static Map<String, Long> numbers(List<LogRecord.Filed> filed) {
        Map<String, Long> numbers = new LinkedHashMap<>();
        filed.forEach(one -> numbers.put(one.group(), one.number()));
        return numbers;
    }
}
