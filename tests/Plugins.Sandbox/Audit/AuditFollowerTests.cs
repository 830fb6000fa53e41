using System.Text;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Sandbox.Audit;

namespace LazyOC.Plugins.Sandbox.Tests.Audit;

public sealed class AuditFollowerTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("lazyoc-audit").FullName;
    private readonly AuditLimits _limits = new() { FileBytes = 1_000, RecentLines = 3 };

    private AuditDirectory Files => new(_directory);

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task ReadNew_AcrossProcessesAndFiles_GivesEachLineOnce()
    {
        await using var first = Begin(1);
        await WriteAsync(first, "before");
        var follower = new AuditFollower(Files, new AuditFilter(), _limits);
        Assert.Empty(follower.ReadNew());

        await using var second = Begin(2);
        for (var i = 0; i < 10; i++) await WriteAsync(first, $"first.{i}");
        await WriteAsync(second, "second");
        var told = follower.ReadNew().Select(entry => entry.Call).ToList();
        await WriteAsync(first, "after");
        told.AddRange(follower.ReadNew().Select(entry => entry.Call));

        Assert.True(Files.Names().Count > 3);
        Assert.Equal([.. Enumerable.Range(0, 10).Select(i => $"first.{i}"), "second", "after"], told);
        Assert.Empty(follower.ReadNew());
    }

    [Fact]
    public async Task ReadNew_LineWhoseEndIsMissing_GivesItWhenItIsThere()
    {
        await using (var log = Begin(1)) await WriteAsync(log, "one");
        var path = Path.Combine(_directory, Files.Names()[0]);
        var line = await File.ReadAllTextAsync(path);
        await File.WriteAllTextAsync(path, "");
        var follower = new AuditFollower(Files, new AuditFilter(), _limits);

        await File.AppendAllTextAsync(path, line[..40]);
        Assert.Empty(follower.ReadNew());
        await File.AppendAllTextAsync(path, line[40..]);

        Assert.Equal("one", Assert.Single(follower.ReadNew()).Call);
    }

    [Fact]
    public async Task ReadNew_WhatIsNoLine_IsPassedOver()
    {
        await using (var log = Begin(1)) await WriteAsync(log, "one");
        var path = Path.Combine(_directory, Files.Names()[0]);
        var line = await File.ReadAllTextAsync(path);
        var follower = new AuditFollower(Files, new AuditFilter(), _limits);

        await File.AppendAllTextAsync(path, $"garbage\n{new string('x', _limits.LineBytes * 3)}\n{line}", Encoding.UTF8);

        Assert.Equal("one", Assert.Single(follower.ReadNew()).Call);
    }

    [Fact]
    public async Task ReadRecent_PageByPage_GivesEachLineThatIsKeptOnce()
    {
        await using var log = Begin(1);
        for (var i = 0; i < 5; i++) await WriteAsync(log, $"call.{i}");

        var first = log.ReadRecent(0, null, 2);
        var second = log.ReadRecent(first.Cursor, null, 2);
        await WriteAsync(log, "call.5");

        Assert.Equal(["call.2", "call.3"], first.Lines.Select(line => line.Event.Call));
        Assert.Equal(["call.4"], second.Lines.Select(line => line.Event.Call));
        Assert.Equal((2, 0), (first.Lost, second.Lost));
        Assert.Equal("call.5", Assert.Single(log.ReadRecent(second.Cursor, null, 500).Lines).Event.Call);
        Assert.Empty(log.ReadRecent(long.MaxValue, null, 1).Lines);
        Assert.Empty(log.ReadRecent(0, PluginId.Parse("acme.other"), 500).Lines);
    }

    private AuditLog Begin(byte name) => AuditLog.Begin(Files, _limits, TimeProvider.System, bits => bits.Fill(name));

    private static async Task WriteAsync(AuditLog log, string call)
    {
        log.Record(new AuditEvent { Plugin = PluginId.Parse("acme.test"), Version = "1.0.0", Digest = "sha256:0", Call = call, Decision = AuditDecision.Done });
        await log.FlushAsync();
    }
}
