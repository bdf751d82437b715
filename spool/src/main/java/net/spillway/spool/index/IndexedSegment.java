package net.spillway.spool.index;

/**
 * A segment as the index has it.
 *
 * @param storage the class it belongs to
 * @param end     offset behind the last record that is in the index
 * @param first   lowest sequence of its articles; 0 if there is none
 * @param last    highest sequence of its articles
 * @param gone    it was dropped, and its articles are being taken out
 */
public record IndexedSegment(int id, String storage, long end, long first, long last,
        boolean gone) {

    IndexedSegment with(long sequence) {
        return new IndexedSegment(id, storage, end, first == 0 ? sequence
                : Math.min(first, sequence), Math.max(last, sequence), gone);
    }

    IndexedSegment in(String otherStorage) {
        return new IndexedSegment(id, otherStorage, end, first, last, gone);
    }

    IndexedSegment upTo(long newEnd) {
        return new IndexedSegment(id, storage, Math.max(end, newEnd), first, last, gone);
    }

    IndexedSegment gone(long stillFrom) {
        return new IndexedSegment(id, storage, end, stillFrom, last, true);
    }
}
