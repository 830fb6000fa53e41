using System.Text.Json;
using LazyOC.Plugins.Contracts.Messages;

namespace LazyOC.Plugins.Sandbox.Guests;

/// <summary>What every guest's answer must be, whatever it means: JSON, not larger than a message and not deeper than the vocabulary is read.</summary>
internal static class Answers
{
    /// <summary>Of objects and arrays in one another, as in <see cref="Contracts.ContractJson"/>.</summary>
    private const int MaxDepth = 128;

    /// <summary>The reply that an answer makes. The bytes are kept.</summary>
    public static GuestReply ToReply(byte[] json) => Complain(json) is { } complaint
        ? new GuestReply.Failed(new GuestFault(GuestFaultKind.InvalidAnswer, complaint))
        : new GuestReply.Answered(json);

    /// <summary>What is wrong with an answer of this length; null when nothing is.</summary>
    public static string? Complain(int length) => length > Envelope.MaxBytes
        ? $"the answer has {length} bytes; a message has at most {Envelope.MaxBytes}"
        : null;

    private static string? Complain(ReadOnlySpan<byte> json)
    {
        if (Complain(json.Length) is { } complaint)
            return complaint;
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
            while (reader.Read())
            {
            }
            return null;
        }
        catch (JsonException exception)
        {
            return $"the answer is not valid JSON: {exception.Message}";
        }
    }
}
