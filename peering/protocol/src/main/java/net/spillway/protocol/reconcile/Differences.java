package net.spillway.protocol.reconcile;

/** Is told what two sets differ in, article by article, as it becomes known. */
public interface Differences {
    /** The other side lacks the article of ours that was added with this tag. */
    void lackingThere(long tag);

    /** The other side has an article that we lack, of this hash: its first and last 8 octets. */
    void lackingHere(long high, long low);
}
