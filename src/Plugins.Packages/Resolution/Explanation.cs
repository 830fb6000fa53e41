using System.Collections.Immutable;
using System.Text;

namespace LazyOC.Plugins.Packages.Resolution;

/// <summary>Why there is no solution: a proof in sentences, from facts to the end, and what would help.</summary>
/// <remarks>Its texts hold reasons of registries: to be printed without their control characters.</remarks>
public sealed class Explanation
{
    internal Explanation(ImmutableArray<ExplanationLine> lines, Remedy? remedy, Incompatibility proof) => (Lines, Remedy, Proof) = (lines, remedy, proof);

    /// <summary>The steps. A line that begins with <c>And</c> goes on from the line before it.</summary>
    public ImmutableArray<ExplanationLine> Lines { get; }

    /// <summary>A change with which there is a solution, which was tried; or, when no such change was found, who can help.</summary>
    public Remedy? Remedy { get; }

    internal Incompatibility Proof { get; }

    /// <summary>The lines, numbered where others refer to them, and the hint.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        var indent = Lines.Max(line => line.Number) is { } highest ? $"({highest}) ".Length : 0;
        foreach (var line in Lines)
        {
            if (text.Length > 0) text.Append('\n');
            text.Append((line.Number is { } number ? $"({number}) " : "").PadRight(indent)).Append(line.Text);
        }
        if (Remedy is not null) text.Append("\nhint: ").Append(Remedy);
        return text.ToString();
    }
}

/// <summary>A step of an explanation.</summary>
/// <param name="Number">By which later lines refer to it; null when none does.</param>
/// <param name="Text">A sentence without full stop.</param>
public sealed record ExplanationLine(int? Number, string Text);
