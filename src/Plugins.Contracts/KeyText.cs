using System.Collections.Frozen;

namespace LazyOC.Plugins.Contracts;

/// <summary>
/// The text form of a key press: <c>a</c>, <c>G</c>, <c>space</c>, <c>f5</c>, <c>shift-tab</c>, <c>ctrl-r</c>, <c>alt-x</c>. Modifiers come in the
/// order ctrl, alt, shift; a shifted letter is its capital.
/// </summary>
public static class KeyText
{
    /// <summary>What a refusal says is expected.</summary>
    public const string Grammar = "a key such as `a`, `G`, `space`, `f5`, `ctrl-r` or `shift-tab`";

    private static readonly FrozenSet<string> Named = FrozenSet.Create(StringComparer.Ordinal,
    [
        "space", "enter", "escape", "tab", "backspace", "delete", "insert", "up", "down", "left", "right", "home", "end", "pageup", "pagedown",
        "f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9", "f10", "f11", "f12",
    ]);

    private static readonly string[] Modifiers = ["ctrl-", "alt-", "shift-"];

    /// <summary>Whether the text is a key press.</summary>
    public static bool IsValid(string text)
    {
        var key = text.AsSpan();
        var shifted = false;
        foreach (var modifier in Modifiers)
        {
            if (key.Length <= modifier.Length || !key.StartsWith(modifier, StringComparison.Ordinal)) continue;
            key = key[modifier.Length..];
            shifted = modifier == "shift-";
        }
        return Named.GetAlternateLookup<ReadOnlySpan<char>>().Contains(key) || (!shifted && key is [> ' ' and <= '~']);
    }
}
