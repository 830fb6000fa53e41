using LazyOC.Plugins.Packages;

namespace LazyOC.Marketplace.Scanning;

/// <summary>What the look of a script's lines says, without parsing it.</summary>
/// <param name="MinifiedLine">The first line that is too long to have been written by a person; null when there is none.</param>
/// <param name="DenseLine">The first long line that holds encoded bytes rather than code; null when there is none.</param>
internal readonly record struct CodeSigns(int? MinifiedLine, int? DenseLine)
{
    /// <summary>Share of a line's characters that are brackets, operators and the like from which it is code and not text.</summary>
    private const double CodeShare = 0.08;

    public static CodeSigns Of(string text, ScannerLimits limits)
    {
        var signs = default(CodeSigns);
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            if (signs.MinifiedLine is null && line.Length >= limits.MinifiedLineChars && IsCode(line)) signs = signs with { MinifiedLine = number };
            if (signs.DenseLine is null && line.Length >= limits.DenseLineChars && Entropy.BitsPerChar(line) >= limits.DenseBits) signs = signs with { DenseLine = number };
        }
        return signs;
    }

    /// <summary>The signs of all of a package's scripts: how many have one.</summary>
    public static int Count(PluginPackage package, ScannerLimits limits)
    {
        var count = 0;
        foreach (var file in package.Files)
        {
            if (!TextFile.IsScript(file.Path) || file.Content.Length > limits.TextFileBytes) continue;
            var signs = Of(TextFile.Read(file).Text, limits);
            if (signs.MinifiedLine is not null || signs.DenseLine is not null) count++;
        }
        return count;
    }

    private static bool IsCode(ReadOnlySpan<char> line)
    {
        var marks = 0;
        foreach (var c in line)
            if (c is '(' or ')' or '{' or '}' or '[' or ']' or ';' or ',' or '=' or '.' or ':' or '?' or '&' or '|') marks++;
        return marks >= line.Length * CodeShare;
    }
}

/// <summary>How much a text tells, by Shannon.</summary>
internal static class Entropy
{
    /// <summary>Bits a character, from how often each occurs; characters outside Latin-1 count as one.</summary>
    public static double BitsPerChar(ReadOnlySpan<char> text)
    {
        Span<int> counts = stackalloc int[257];
        counts.Clear();
        foreach (var c in text) counts[Math.Min(c, (char)256)]++;
        var bits = 0.0;
        foreach (var count in counts)
            if (count > 0) bits -= (double)count / text.Length * Math.Log2((double)count / text.Length);
        return bits;
    }
}
