package dev.gangway.execute;

/** Hears how far a data file has been sent. Called often, on the thread that sends. */
@FunctionalInterface
interface ByteCount {

    /**
     * @param bytes how many of the file were handed to the server so far, from the beginning of this attempt
     * @param total how many the file has; -1 if that is not known
     */
    void sent(long bytes, long total);
}
