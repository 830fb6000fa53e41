using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Json;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Sandbox.Guests;

namespace LazyOC.Marketplace.Scanning.JavaScript;

/// <summary>What became of the analysis of a script.</summary>
internal abstract record Analysis
{
    private Analysis() { }

    /// <summary>It came to its end.</summary>
    public sealed record Done(ScriptReport Report) : Analysis;

    /// <summary>The guest ran out of time or memory, or failed in another way that the script brought about.</summary>
    public sealed record Unfinished(string Reason) : Analysis;
}

/// <summary>
/// Parses JavaScript with acorn, in a guest of the sandbox: what is wrong with the parser, or can be done to it by a script,
/// stays in there. The guest can make no host call, and has bounds of memory and CPU. A guest that fails is replaced.
/// </summary>
/// <remarks>Not thread safe; of one submission.</remarks>
internal sealed class ScriptAnalyser(ScannerOptions options) : IAsyncDisposable
{
    private static readonly Lazy<byte[]> Code = new(ReadCode);

    private IGuest? _guest;
    private long _lastId;

    public async ValueTask DisposeAsync() => await EndAsync();

    /// <summary>Analyses a script.</summary>
    /// <exception cref="InvalidOperationException">The guest did not start: nothing is known.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<Analysis> AnalyseAsync(string text, bool isModule, ImmutableArray<string> knownCalls, CancellationToken cancellationToken)
    {
        _guest ??= await StartAsync(cancellationToken);
        for (var at = 0; at < text.Length;)
        {
            var length = Math.Min(options.Limits.PieceChars, text.Length - at);
            // A pair of surrogates is one character and not to be parted.
            if (at + length < text.Length && char.IsHighSurrogate(text[at + length - 1])) length--;
            var piece = JsonSerializer.SerializeToUtf8Bytes(new ScriptPiece(text.Substring(at, length)), ScriptJson.Default.ScriptPiece);
            if (await SendAsync("piece", piece, cancellationToken) is GuestReply.Failed failed) return await FailedAsync(failed.Fault);
            at += length;
        }
        var question = new ScriptQuestion(isModule, knownCalls, options.Limits.AnalysisItems, options.Limits.EncodedChars);
        switch (await SendAsync("analyse", JsonSerializer.SerializeToUtf8Bytes(question, ScriptJson.Default.ScriptQuestion), cancellationToken))
        {
            case GuestReply.Failed failed:
                return await FailedAsync(failed.Fault);
            case GuestReply.Answered answered:
                return StrictJson.Read(answered.Json.Span, ScriptJson.Default.ScriptReport).TryGet(out var report, out var problems)
                    ? new Analysis.Done(report)
                    : throw new InvalidOperationException($"The analyser's answer is not what it is asked for: {Problem.Join(problems)}");
            case var other:
                throw new InvalidOperationException($"A message ended in {other}.");
        }
    }

    private async Task<Analysis> FailedAsync(GuestFault fault)
    {
        // The script may have left anything behind.
        await EndAsync();
        return new Analysis.Unfinished(fault.Message);
    }

    private async Task<IGuest> StartAsync(CancellationToken cancellationToken)
    {
        var guest = new GuestOptions
        {
            Name = "analyser",
            Code = Code.Value,
            Limits = new GuestLimits(options.Limits.AnalysisMemoryBytes, options.Limits.AnalysisCpuMs, options.Limits.AnalysisStartCpuMs, MessagesInFlight: 1, CallsInFlight: 1),
            Call = static (call, _) => ValueTask.FromResult(Answer.Failure(ErrorCode.PermissionDenied, $"the analyser may not call `{call.Name}`")),
            // It prints nothing; what it could be brought to print is the script's text.
            Log = static (_, _) => { },
            Time = options.Time,
        };
        return await GuestFactory.StartAsync(GuestKind.JavaScript, guest, cancellationToken) switch
        {
            GuestStart.Running running => running.Guest,
            GuestStart.Failed failed => throw new InvalidOperationException($"The analyser does not start: {failed.Fault.Message}"),
            var other => throw new InvalidOperationException($"A start ended in {other}."),
        };
    }

    private async Task<GuestReply> SendAsync(string type, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        var envelope = new Envelope
        {
            Id = (++_lastId).ToString(CultureInfo.InvariantCulture),
            Type = type,
            Session = "scan",
            DeadlineMs = options.Limits.AnalysisWallMs,
            Payload = payload,
        };
        var reply = await _guest!.SendAsync(envelope, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return reply;
    }

    private async Task EndAsync()
    {
        if (_guest is { } guest) await guest.DisposeAsync();
        _guest = null;
    }

    private static byte[] ReadCode()
    {
        const string name = "analyser.js";
        using var stream = typeof(ScriptAnalyser).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"`{name}` is not in the assembly.");
        var code = new byte[stream.Length];
        stream.ReadExactly(code);
        return code;
    }
}
