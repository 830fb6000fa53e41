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
}
