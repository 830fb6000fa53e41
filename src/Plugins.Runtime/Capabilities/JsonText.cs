using System.Buffers;

namespace LazyOC.Plugins.Runtime.Capabilities;

/// <summary>Texts that must fit into an answer, where most of what is not plain ASCII takes six bytes a character.</summary>
internal static class JsonText
{
    private const int EscapedBytes = 6;

    private static readonly SearchValues<char> Plain = SearchValues.Create(" !#$%()*,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_abcdefghijklmnopqrstuvwxyz{|}~");

    /// <summary>As much of a text as there is room for; takes it off the room.</summary>
    /// <param name="text">The text.</param>
    /// <param name="room">Bytes of JSON that are left.</param>
    /// <param name="isCut">Whether something is missing.</param>
    public static string Fit(string text, ref int room, out bool isCut)
    {
        var left = room;
        var length = 0;
        while (length < text.Length)
        {
            var step = char.IsHighSurrogate(text[length]) && length + 1 < text.Length ? 2 : 1;
            var cost = step == 1 && Plain.Contains(text[length]) ? 1 : EscapedBytes * step;
            if (cost > left) break;
            left -= cost;
            length += step;
        }
        room = left;
        isCut = length < text.Length;
        return text[..length];
    }
}
