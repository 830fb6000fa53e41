using LazyOC.Cli.Installing;

namespace LazyOC.Cli.Tests.Installing;

public sealed class DownloadProgressTests : IDisposable
{
    private const int MiB = 1 << 20;

    private readonly StepTime _time = new();
    private readonly StringWriter _written = new();

    public void Dispose() => _written.Dispose();

    [Fact]
    public void Line_AfterSomeSeconds_TellsSpeedAndTimeLeft()
    {
        using var progress = new DownloadProgress(_written, isTerminal: true, 10 * MiB, _time);
        progress.Report("acme.demo 1.0.0", 0);
        _time.Seconds = 2;
        Assert.Equal("  4 MiB of 10 MiB, 2 MiB/s, 0:03 left", progress.Line(4 * MiB));
    }

    [Fact]
    public void Line_OfWhatGoesOn_LeavesOutOfTheSpeedWhatWasHere()
    {
        using var progress = new DownloadProgress(_written, isTerminal: true, 10 * MiB, _time);
        progress.Report("acme.demo 1.0.0", 6 * MiB);
        _time.Seconds = 2;
        Assert.Equal("  8 MiB of 10 MiB, 1 MiB/s, 0:02 left", progress.Line(8 * MiB));
    }

    [Fact]
    public void Line_WhereNothingComes_PromisesNothing()
    {
        using var progress = new DownloadProgress(_written, isTerminal: true, 10 * MiB, _time);
        progress.Report("acme.demo 1.0.0", 0);
        _time.Seconds = 60;
        Assert.Equal("  0 B of 10 MiB", progress.Line(0));
    }

    [Fact]
    public void Report_ToAFile_WritesOnlyWhatIsDone()
    {
        using (var progress = new DownloadProgress(_written, isTerminal: false, 2 * MiB, _time))
        {
            progress.Report("acme.demo 1.0.0", MiB);
            progress.Done("acme.demo 1.0.0", 2 * MiB);
        }
        Assert.Equal("  acme.demo 1.0.0  2 MiB, verified\n", _written.ToString());
    }

    private sealed class StepTime : TimeProvider
    {
        public int Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
