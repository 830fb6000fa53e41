using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace LazyOC.Plugins.Sandbox.Audit;

/// <summary>
/// Lines that hold one another: each carries the hash of the one before and its own. A chain spans its files; their names
/// are <c>CHAIN.NUMBER.jsonl</c>.
/// </summary>
/// <param name="name">Of the chain.</param>
/// <param name="limits">Bounds of a line.</param>
/// <param name="sealKey">Seals the chain's heads; empty for a chain without seals.</param>
internal sealed class AuditChain(string name, AuditLimits limits, ReadOnlyMemory<byte> sealKey)
{
    /// <summary>The call that a seal's line names.</summary>
    public const string SealCall = "audit.seal";

    /// <summary>The seal of a chain that has ended.</summary>
    public const string Closed = "closed";

    public const string Extension = ".jsonl";

    /// <summary>Length of <c>,"hash":"…"}</c>, which ends every line and is not hashed.</summary>
    public const int SealLength = 9 + 64 + 2;

    private readonly ArrayBufferWriter<byte> _line = new();
    private string _previous = Genesis(name);
    private long _sequence;
    private int _files;

    public string Name => name;

    /// <summary>The last line, to come back to when those after it could not be written.</summary>
    public (string Previous, long Sequence) Mark => (_previous, _sequence);

    public void Rewind((string Previous, long Sequence) mark) => (_previous, _sequence) = mark;

    /// <summary>What the first line names as its predecessor, so that no file passes for the beginning of another chain.</summary>
    public static string Genesis(string chain) => Hash(Encoding.UTF8.GetBytes(chain));

    public static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>What only who has the key can say of a chain's head: HMAC-SHA256 over its name and the hash of its last line.</summary>
    public static string SealOf(ReadOnlySpan<byte> key, string chain, string previous) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{chain}:{previous}")));

    /// <summary>Adds a line that seals all before it; nothing without a key.</summary>
    /// <param name="time">When.</param>
    /// <param name="isLast">Whether the chain ends with it.</param>
    /// <param name="output">Where to.</param>
    public void AppendSeal(DateTimeOffset time, bool isLast, IBufferWriter<byte> output)
    {
        if (sealKey.IsEmpty) return;
        Append(
            new AuditEvent
            {
                Plugin = AuditEvent.Host,
                Version = "",
                Digest = "",
                Call = SealCall,
                Target = isLast ? Closed : "",
                Decision = AuditDecision.Done,
                Reason = SealOf(sealKey.Span, name, _previous),
            },
            time,
            output);
    }

    public string NextFile() => $"{name}.{(++_files).ToString("D6", CultureInfo.InvariantCulture)}{Extension}";

    /// <summary>Adds a line, newline included.</summary>
    public void Append(AuditEvent happened, DateTimeOffset time, IBufferWriter<byte> output)
    {
        _line.ResetWrittenCount();
        WriteBody(happened, time);
        var body = _line.WrittenSpan[..^1];
        var hash = Hash(body);
        output.Write(body);
        output.Write(",\"hash\":\""u8);
        output.Write(Encoding.ASCII.GetBytes(hash));
        output.Write("\"}\n"u8);
        _previous = hash;
    }

    private void WriteBody(AuditEvent happened, DateTimeOffset time)
    {
        using var json = new Utf8JsonWriter(_line);
        json.WriteStartObject();
        json.WriteString("time", time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        json.WriteNumber("seq", ++_sequence);
        json.WriteString("plugin", happened.Plugin.ToString());
        json.WriteString("version", happened.Version);
        json.WriteString("digest", happened.Digest);
        json.WriteString("call", Cut(happened.Call));
        json.WriteString("target", Cut(happened.Target));
        json.WriteString("decision", JsonNamingPolicy.CamelCase.ConvertName(happened.Decision.ToString()));
        if (happened.Reason is { } reason) json.WriteString("reason", Cut(reason));
        if (happened.LatencyMs is { } latency) json.WriteNumber("latencyMs", Math.Round(latency, 3));
        if (happened.Count is { } count) json.WriteNumber("count", count);
        json.WriteString("prev", _previous);
        json.WriteEndObject();
    }

    private string Cut(string text)
    {
        if (text.Length <= limits.TextChars) return text;
        var end = limits.TextChars - 1;
        // Half of a surrogate pair is no text that JSON could hold.
        if (char.IsHighSurrogate(text[end - 1])) end--;
        return text[..end] + "…";
    }
}
