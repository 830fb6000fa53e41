using System.Text;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Sandbox.Tests;

namespace LazyOC.Plugins.Sandbox.Audit;

/// <summary>What somebody can do who may write the audit's files but has not the key of its seals.</summary>
public sealed class AuditSealTests
{
    private static readonly byte[] Key = Enumerable.Range(0, 32).Select(i => (byte)i).ToArray();
    private static readonly AuditLimits Limits = new() { UnsealedLines = 4 };

    private readonly ManualTime _time = new();

    [Fact]
    public async Task Verify_ChainThatEnded_IsClosedAndAllOfItSealed()
    {
        var files = await WriteAsync(Key, 10);

        var verdict = Assert.Single(AuditReader.Verify(files, Limits, Key));

        Assert.Equal((null, true, verdict.Lines), (verdict.Broken, verdict.IsClosed, verdict.Sealed));
        Assert.Equal(3, AuditReader.Read(files, new AuditFilter { Call = "audit.seal" }, Limits).Count());
    }

    [Fact]
    public async Task Verify_ChainMadeAnewWithoutTheKey_IsBrokenAtItsFirstSeal()
    {
        // As whole a chain as any other, made with another key: only the seals tell.
        var files = await WriteAsync(new byte[32], 10);

        Assert.Null(Assert.Single(AuditReader.Verify(files, Limits)).Broken);
        var verdict = Assert.Single(AuditReader.Verify(files, Limits, Key));
        Assert.Equal((5, 0L), (verdict.Broken!.Line, verdict.Sealed));
        Assert.Contains("key", verdict.Broken.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_LastLinesCutOff_IsNotClosed()
    {
        var whole = await WriteAsync(Key, 10);
        using var reader = new StreamReader(whole.OpenRead(whole.Names()[0]));
        var lines = (await reader.ReadToEndAsync()).Split('\n')[..7];
        var cut = new AuditMemory();
        await using (var file = cut.Create(whole.Names()[0])) file.Write(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));

        var verdict = Assert.Single(AuditReader.Verify(cut, Limits, Key));

        Assert.Equal((null, false, 7L, 5L), (verdict.Broken, verdict.IsClosed, verdict.Lines, verdict.Sealed));
    }

    [Fact]
    public async Task Record_NothingForAWhile_IsSealedByTime()
    {
        var files = new AuditMemory();
        await using var log = AuditLog.Begin(files, Limits, _time, span => span.Clear(), Key);
        log.Record(Event());
        await log.FlushAsync();
        Assert.Equal(0, Assert.Single(AuditReader.Verify(files, Limits, Key)).Sealed);

        _time.Advance(Limits.UnsealedTime);
        await log.FlushAsync();

        Assert.Equal(2, Assert.Single(AuditReader.Verify(files, Limits, Key)).Sealed);
    }

    [Fact]
    public async Task Begin_WithoutAKey_WritesNoSeals()
    {
        var files = await WriteAsync(default, 10);

        var verdict = Assert.Single(AuditReader.Verify(files, Limits, Key));

        Assert.Equal((10L, 0L, false), (verdict.Lines, verdict.Sealed, verdict.IsClosed));
    }

    private async Task<AuditMemory> WriteAsync(ReadOnlyMemory<byte> key, int lines)
    {
        var files = new AuditMemory();
        await using var log = AuditLog.Begin(files, Limits, _time, span => span.Clear(), key);
        for (var i = 0; i < lines; i++) await log.RecordDurablyAsync(Event(), CancellationToken.None);
        return files;
    }

    private static AuditEvent Event() => new() { Plugin = PluginId.Parse("acme.test"), Version = "1.0.0", Digest = "", Call = "kubernetes.get", Decision = AuditDecision.Refused };
}
