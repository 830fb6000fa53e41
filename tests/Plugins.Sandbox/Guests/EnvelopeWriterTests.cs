using System.Text;
using System.Text.Json;
using LazyOC.Plugins.Contracts.Messages;

namespace LazyOC.Plugins.Sandbox.Guests;

public sealed class EnvelopeWriterTests
{
    [Theory]
    [InlineData("plain", null)]
    [InlineData("quote\" back\\ line\n \0 \u001b[31m", "g€😀<script>&'")]
    [InlineData("", "")]
    public void Write_AnyStrings_IsJsonThatGivesThemBack(string text, string? gesture)
    {
        var envelope = new Envelope { Id = text, Type = text, Session = text, Gesture = gesture, DeadlineMs = int.MaxValue, Payload = "{\"a\":[1]}"u8.ToArray() };
        var buffer = new byte[EnvelopeWriter.MaxLength(envelope)];

        var length = EnvelopeWriter.Write(envelope, buffer);

        using var document = JsonDocument.Parse(buffer.AsMemory(0, length));
        var root = document.RootElement;
        Assert.Equal(1, root.GetProperty("v").GetInt32());
        Assert.All(["id", "type", "session"], name => Assert.Equal(text, root.GetProperty(name).GetString()));
        Assert.Equal(gesture, root.TryGetProperty("gesture", out var token) ? token.GetString() : null);
        Assert.Equal(int.MaxValue, root.GetProperty("deadlineMs").GetInt32());
        Assert.Equal("""{"a":[1]}""", root.GetProperty("payload").GetRawText());
    }

    [Fact]
    public void MaxLength_LongestEscapes_Suffices()
    {
        var text = new string('\u0001', 1000);
        var envelope = new Envelope { Id = text, Type = text, Session = text, Gesture = text, DeadlineMs = int.MinValue, Payload = Encoding.UTF8.GetBytes("{}") };

        Assert.InRange(EnvelopeWriter.Write(envelope, new byte[EnvelopeWriter.MaxLength(envelope)]), 24_000, EnvelopeWriter.MaxLength(envelope));
    }
}
