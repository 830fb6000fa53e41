using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Sandbox.Audit;

namespace LazyOC.Plugins.Sandbox.Tests.Audit;

public sealed class AuditLogTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("lazyoc-audit").FullName;
    private readonly ManualTime _time = new();
    private readonly AuditLimits _limits = new() { FileBytes = 2_000 };

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Verify_UntouchedChainOverSeveralFiles_Holds()
    {
        var files = await WriteAsync(40);

        Assert.True(files.Names().Count > 3);
        var verdict = Assert.Single(AuditReader.Verify(files, _limits));
        Assert.Equal((40, null, false), (verdict.Lines, verdict.Broken, verdict.IsTorn));
    }

    [Fact]
    public async Task Verify_EveryFlippedByte_IsFoundInItsLine()
    {
        var files = await WriteAsync(5);
        var path = Path.Combine(_directory, files.Names()[0]);
        var bytes = await File.ReadAllBytesAsync(path);
        for (var i = 0; i < bytes.Length; i++)
        {
            var changed = (byte[])bytes.Clone();
            changed[i] ^= 1;
            await File.WriteAllBytesAsync(path, changed);

            var verdict = Assert.Single(AuditReader.Verify(files, _limits));

            // A flipped newline at the very end leaves a line without an end, as a stopped process does.
            Assert.True(verdict.Broken is not null || (verdict.IsTorn && i == bytes.Length - 1), $"byte {i} of {bytes.Length}");
            Assert.Equal(bytes.AsSpan(0, i).Count((byte)'\n'), verdict.Lines);
        }
    }

    [Fact]
    public async Task Verify_RemovedLine_IsFound()
    {
        var files = await WriteAsync(5);
        var path = Path.Combine(_directory, files.Names()[0]);
        var lines = await File.ReadAllLinesAsync(path);
        await File.WriteAllTextAsync(path, string.Concat(lines.Where((_, i) => i != 2).Select(l => l + "\n")));

        var broken = Assert.Single(AuditReader.Verify(files, _limits)).Broken;

        Assert.Equal(3, broken?.Line);
        Assert.Contains("does not follow", broken?.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_RemovedFile_IsFound()
    {
        var files = await WriteAsync(40);
        File.Delete(Path.Combine(_directory, files.Names()[1]));

        Assert.Equal(files.Names()[1], Assert.Single(AuditReader.Verify(files, _limits)).Broken?.File);
    }

    [Fact]
    public async Task Verify_ChainThatEndsWithinALine_IsTornNotBroken()
    {
        var files = await WriteAsync(5);
        var path = Path.Combine(_directory, files.Names()[^1]);
        var bytes = await File.ReadAllBytesAsync(path);
        await File.WriteAllBytesAsync(path, bytes[..^10]);

        var verdict = Assert.Single(AuditReader.Verify(files, _limits));

        Assert.Equal((4, null, true), (verdict.Lines, verdict.Broken, verdict.IsTorn));
    }

    [Fact]
    public async Task RecordRefusal_ManyAlikeInASecond_AreOneLineAndOneCount()
    {
        var files = new AuditMemory();
        await using var log = AuditLog.Begin(files, new AuditLimits(), _time, span => span.Clear());
        for (var i = 0; i < 1_000; i++) log.RecordRefusal(Event("a"));
        await log.FlushAsync();

        var lines = AuditReader.Read(files, new AuditFilter(), _limits).ToArray();

        Assert.Equal([null, 999L], lines.Select(l => l.Count));
    }

    [Fact]
    public async Task RecordRefusal_ManyDifferentInASecond_ShareOneLineBeyondTheLimit()
    {
        var files = new AuditMemory();
        await using var log = AuditLog.Begin(files, new AuditLimits { RefusalsPerSecond = 3 }, _time, span => span.Clear());
        for (var i = 0; i < 1_000; i++) log.RecordRefusal(Event($"target {i}"));
        await log.FlushAsync();

        var lines = AuditReader.Read(files, new AuditFilter(), _limits).ToArray();

        Assert.Equal(["target 0", "target 1", "target 2", "*"], lines.Select(l => l.Target));
        Assert.Equal(997, lines[^1].Count);
    }

    [Fact]
    public async Task RecordRead_AsIs_IsACountACallAndMinute()
    {
        var files = new AuditMemory();
        await using var log = AuditLog.Begin(files, new AuditLimits(), _time, span => span.Clear());
        for (var i = 0; i < 5; i++) log.RecordRead(Event($"target {i}") with { Decision = AuditDecision.Done });
        await log.FlushAsync();

        var line = Assert.Single(AuditReader.Read(files, new AuditFilter(), _limits));

        Assert.Equal((AuditDecision.Counted, "", 5L), (line.Decision, line.Target, line.Count));
    }

    [Fact]
    public async Task RecordRead_OfAll_IsALineEachWithItsTargetAndRepeatsAreCounted()
    {
        var files = new AuditMemory();
        await using var log = AuditLog.Begin(files, new AuditLimits { ActsPerSecond = 3 }, _time, span => span.Clear(), reads: AuditReads.All);
        for (var i = 0; i < 5; i++) log.RecordRead(Event($"target {i}") with { Decision = AuditDecision.Done });
        log.RecordRead(Event("target 0") with { Decision = AuditDecision.Done });
        // What is refused has lines of its own, and reading the audit never has.
        log.RecordRefusal(Event("target 0"));
        log.CountRead(Event("audit") with { Decision = AuditDecision.Counted });
        await log.FlushAsync();

        var lines = AuditReader.Read(files, new AuditFilter(), _limits).Select(l => $"{l.Decision} {l.Target} {l.Count}").Order(StringComparer.Ordinal);

        Assert.Equal(["Counted  1", "Done * 2", "Done target 0 ", "Done target 0 1", "Done target 1 ", "Done target 2 ", "Refused target 0 "], lines);
    }

    [Fact]
    public async Task Listen_TellsWhatIsWrittenUntilItIsDisposed()
    {
        var told = new List<string>();
        await using var log = AuditLog.Begin(new AuditMemory(), new AuditLimits(), _time, span => span.Clear());
        using (log.Listen(line => told.Add(line.Event.Target)))
        {
            log.Record(Event("a"));
            await log.FlushAsync();
        }
        log.Record(Event("b"));
        await log.FlushAsync();

        Assert.Equal(["a"], told);
    }

    [Fact]
    public async Task Read_WithFilter_GivesOnlyWhatItAccepts()
    {
        var files = new AuditMemory();
        await using var log = AuditLog.Begin(files, new AuditLimits(), _time, span => span.Clear());
        log.Record(Event("a"));
        log.Record(Event("b") with { Plugin = PluginId.Parse("acme.other") });
        await log.FlushAsync();

        var line = Assert.Single(AuditReader.Read(files, new AuditFilter { Plugin = PluginId.Parse("acme.other") }, _limits));

        Assert.Equal("b", line.Target);
    }

    [Fact]
    public async Task Record_LineBreaksAndControlCharactersInATarget_StayWithinTheLine()
    {
        var files = new AuditMemory();
        await using var log = AuditLog.Begin(files, new AuditLimits(), _time, span => span.Clear());
        log.Record(Event("a\n{\"seq\":2}\u001b[2J"));
        await log.FlushAsync();

        using var reader = new StreamReader(files.OpenRead(Assert.Single(files.Names())));
        var text = await reader.ReadToEndAsync();
        Assert.Single(text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.DoesNotContain('\u001b', text);
        Assert.Equal("a\n{\"seq\":2}\u001b[2J", Assert.Single(AuditReader.Read(files, new AuditFilter(), _limits)).Target);
    }

    [Fact]
    public async Task Create_OnUnix_IsReadableByItsOwnerOnly()
    {
        if (OperatingSystem.IsWindows()) return;
        var files = await WriteAsync(1);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_directory, files.Names()[0])));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RecordDurablyAsync_DiskFullForAWhile_ChainsHoldAndCountWhatWasLost(bool canTakeBack)
    {
        var files = new FillingDisk(canTakeBack);
        await using var log = AuditLog.Begin(files, new AuditLimits(), _time, span => span.Clear());
        await log.RecordDurablyAsync(Event("before"), CancellationToken.None);
        files.FreeBytes = 100;
        for (var i = 0; i < 3; i++) await Assert.ThrowsAsync<IOException>(() => log.RecordDurablyAsync(Event("lost"), CancellationToken.None).AsTask());
        Assert.Equal("no space left", log.Failure);
        files.FreeBytes = long.MaxValue;

        await log.RecordDurablyAsync(Event("after"), CancellationToken.None);
        await log.RecordDurablyAsync(Event("later"), CancellationToken.None);

        Assert.Null(log.Failure);
        Assert.All(AuditReader.Verify(files, _limits), verdict => Assert.Null(verdict.Broken));
        var lines = AuditReader.Read(files, new AuditFilter(), _limits).ToArray();
        Assert.Equal(["before", "", "after", "later"], lines.Select(l => l.Target));
        Assert.Equal((AuditEvent.Host, "audit.lost", 3), (lines[1].Plugin, lines[1].Call, lines[1].Count));
        Assert.Contains("no space left", lines[1].Reason, StringComparison.Ordinal);
        if (canTakeBack) Assert.Single(files.Names());
    }

    [Fact]
    public async Task Record_AfterAFailedWrite_CountsTheLossWithoutAnotherLine()
    {
        var files = new FillingDisk(canTakeBack: true) { FreeBytes = 0 };
        await using var log = AuditLog.Begin(files, new AuditLimits(), _time, span => span.Clear());
        await Assert.ThrowsAsync<IOException>(() => log.RecordDurablyAsync(Event("lost"), CancellationToken.None).AsTask());
        await Assert.ThrowsAsync<IOException>(() => log.FlushAsync());
        files.FreeBytes = long.MaxValue;

        await log.FlushAsync();

        Assert.Equal(1, Assert.Single(AuditReader.Read(files, new AuditFilter(), _limits)).Count);
    }

    [Fact]
    public async Task Record_TextCutWithinASurrogatePair_IsWritten()
    {
        var files = new AuditMemory();
        await using var log = AuditLog.Begin(files, new AuditLimits { TextChars = 4 }, _time, span => span.Clear());

        await log.RecordDurablyAsync(Event("ab\U0001F600cd"), CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal("ab…", Assert.Single(AuditReader.Read(files, new AuditFilter(), _limits)).Target);
    }

    private static AuditEvent Event(string target) => new()
    {
        Plugin = PluginId.Parse("acme.test"),
        Version = "1.0.0",
        Digest = "sha256-00",
        Call = "pods.get",
        Target = target,
        Decision = AuditDecision.Refused,
        Reason = "permission-denied",
    };

    private async Task<AuditDirectory> WriteAsync(int lines)
    {
        var files = new AuditDirectory(_directory);
        await using var log = AuditLog.Begin(files, _limits, _time, span => span.Clear());
        for (var i = 0; i < lines; i++) await log.RecordDurablyAsync(Event($"line {i}"), CancellationToken.None);
        return files;
    }

    /// <summary>Writes as much as is free, then fails.</summary>
    private sealed class FillingDisk(bool canTakeBack) : IAuditFiles
    {
        private readonly SortedDictionary<string, MemoryStream> _files = new(StringComparer.Ordinal);

        public long FreeBytes { get; set; } = long.MaxValue;

        public IReadOnlyList<string> Names() => [.. _files.Keys];

        public Stream Create(string name)
        {
            var file = new Appender(this, canTakeBack);
            _files.Add(name, file);
            return file;
        }

        public Stream OpenRead(string name) => new MemoryStream(_files[name].ToArray(), writable: false);

        private sealed class Appender(FillingDisk disk, bool canTakeBack) : MemoryStream
        {
            public override void SetLength(long value)
            {
                if (!canTakeBack) throw new IOException("read-only now");
                base.SetLength(value);
            }

            public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
            {
                var fits = buffer[..(int)Math.Min(buffer.Length, disk.FreeBytes)];
                Write(fits.Span);
                disk.FreeBytes -= fits.Length;
                return fits.Length == buffer.Length ? ValueTask.CompletedTask : throw new IOException("no space left");
            }
        }
    }
}
