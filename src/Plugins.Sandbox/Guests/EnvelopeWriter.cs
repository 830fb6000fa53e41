using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using LazyOC.Plugins.Contracts.Messages;

namespace LazyOC.Plugins.Sandbox.Guests;

/// <summary>Writes envelopes as the UTF-8 JSON that guests receive; the only place that does.</summary>
internal static class EnvelopeWriter
{
    /// <summary>Longest text of the parts between the values.</summary>
    private const int FixedBytes = 128;

    /// <summary>Longest escape of one UTF-16 code unit: <c>\uXXXX</c>.</summary>
    private const int MaxEscapedBytes = 6;

    private static readonly SearchValues<char> Plain = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 !#$%()*,-./:;=?@[]^_{|}~");

    /// <summary>Bytes that suffice for an envelope.</summary>
    public static long MaxLength(Envelope envelope) =>
        FixedBytes
        + (MaxEscapedBytes * ((long)envelope.Id.Length + envelope.Type.Length + envelope.Session.Length + (envelope.Gesture?.Length ?? 0)))
        + envelope.Payload.Length;

    /// <summary>Writes an envelope; <paramref name="destination"/> has <see cref="MaxLength"/> bytes. Returns the bytes written.</summary>
    public static int Write(Envelope envelope, Span<byte> destination)
    {
        Debug.Assert(Envelope.Version == 1);
        var written = 0;
        Append(destination, ref written, "{\"v\":1,\"id\":"u8);
        AppendString(destination, ref written, envelope.Id);
        Append(destination, ref written, ",\"type\":"u8);
        AppendString(destination, ref written, envelope.Type);
        Append(destination, ref written, ",\"session\":"u8);
        AppendString(destination, ref written, envelope.Session);
        if (envelope.Gesture is not null)
        {
            Append(destination, ref written, ",\"gesture\":"u8);
            AppendString(destination, ref written, envelope.Gesture);
        }
        Append(destination, ref written, ",\"deadlineMs\":"u8);
        Utf8Formatter.TryFormat(envelope.DeadlineMs, destination[written..], out var digits);
        written += digits;
        Append(destination, ref written, ",\"payload\":"u8);
        Append(destination, ref written, envelope.Payload.Span);
        Append(destination, ref written, "}"u8);
        return written;
    }

    private static void Append(Span<byte> destination, ref int written, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(destination[written..]);
        written += bytes.Length;
    }

    private static void AppendString(Span<byte> destination, ref int written, string value)
    {
        destination[written++] = (byte)'"';
        if (value.AsSpan().ContainsAnyExcept(Plain))
            Append(destination, ref written, JsonEncodedText.Encode(value).EncodedUtf8Bytes);
        else
            written += Encoding.ASCII.GetBytes(value, destination[written..]);
        destination[written++] = (byte)'"';
    }
}
