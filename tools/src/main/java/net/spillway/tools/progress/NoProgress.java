package net.spillway.tools.progress;

/** Reports to nobody. */
enum NoProgress implements Progress, Progress.Task {
    INSTANCE;

    @Override
    public Task start(String what, long total, Unit unit) {
        return this;
    }

    @Override
    public void note(String line) {}

    @Override
    public void warn(String line) {}

    @Override
    public void advance(long by) {}

    @Override
    public void at(long done) {}

    @Override
    public void total(long total) {}

    @Override
    public void detail(String words) {}

    @Override
    public void close() {}
}
