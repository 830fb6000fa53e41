using System.Text.Json;

namespace LazyOC.Plugins.Sandbox.Guests;

/// <summary>What every guest's answer must be, whatever it means: JSON, not larger than a message and not deeper than the vocabulary is read.</summary>
internal static class Answers
{
    /// <summary>The reply that an answer makes. The bytes are kept.</summary>
    public static GuestReply ToReply(byte[] json, GuestLimits limits) => Complain(json, limits) is { } complaint
        ? new GuestReply.Failed(new GuestFault(GuestFaultKind.InvalidAnswer, complaint))
        : new GuestReply.Answered(json);

    /// <summary>What is wrong with an answer of this length; null when nothing is.</summary>
    public static string? Complain(int length, GuestLimits limits) => length > limits.AnswerBytes
        ? $"the answer has {length} bytes; a message has at most {limits.AnswerBytes}"
        : null;

    private static string? Complain(ReadOnlySpan<byte> json, GuestLimits limits)
    {
        if (Complain(json.Length, limits) is { } complaint)
            return complaint;
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = limits.AnswerDepth });
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
