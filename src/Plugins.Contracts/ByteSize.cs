using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace LazyOC.Plugins.Contracts;

/// <summary>Sizes as people write them: a whole number and <c>B</c>, <c>KiB</c>, <c>MiB</c> or <c>GiB</c>.</summary>
public static class ByteSize
{
    private static readonly (string Unit, int Shift)[] Units = [("KiB", 10), ("MiB", 20), ("GiB", 30), ("B", 0)];

    internal const string Hint = "write a size such as `128MiB`";

    /// <summary>Reads a size such as <c>64MiB</c> in bytes; false when the text is not one or does not fit.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out long bytes)
    {
        bytes = 0;
        if (text is null) return false;
        foreach (var (unit, shift) in Units)
        {
            if (!text.EndsWith(unit, StringComparison.Ordinal)) continue;
            if (!long.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
            if (number > long.MaxValue >> shift) return false;
            bytes = number << shift;
            return true;
        }
        return false;
    }

    /// <summary>The size in the largest unit that leaves a whole number or one decimal.</summary>
    public static string Format(long bytes) => bytes switch
    {
        < 1 << 10 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.#} KiB"),
        < 1 << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024):0.#} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024 * 1024):0.#} GiB"),
    };
}
