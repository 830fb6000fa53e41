using System.Buffers;
using System.Collections.Immutable;

namespace LazyOC.Cli.Commands.Plugin.Dev;

/// <summary>
/// A build script that <c>plugin dev</c> knows how to do faster than a shell: esbuild, after tsc or alone, as the templates have it.
/// </summary>
/// <param name="Check">What tsc is given; null when types are not checked.</param>
/// <param name="Bundle">What esbuild is given.</param>
internal sealed record BuildScript(ImmutableArray<string>? Check, ImmutableArray<string> Bundle)
{
    /// <summary>What a shell would not pass on as it is.</summary>
    private static readonly SearchValues<char> ShellCharacters = SearchValues.Create("\"'`$\\|;<>()*?[]{}~#!%^");

    /// <summary>The flags of esbuild that its own programming interface has by the same names.</summary>
    private static readonly ImmutableHashSet<string> Known =
    [
        "alias", "bundle", "charset", "define", "external", "format", "jsx", "jsx-factory", "jsx-fragment", "jsx-import-source", "keep-names", "legal-comments", "loader",
        "log-level", "metafile", "minify", "minify-identifiers", "minify-syntax", "minify-whitespace", "outbase", "outdir", "outfile", "platform", "pure", "sourcemap",
        "sources-content", "target", "tree-shaking", "tsconfig",
    ];

    /// <summary>Null for one that only a shell, and npm, knows how to run.</summary>
    public static BuildScript? Parse(string script)
    {
        if (script.AsSpan().ContainsAny(ShellCharacters)) return null;
        var commands = script.Split("&&", StringSplitOptions.TrimEntries).Select(command => command.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToArray();
        if (commands.Any(command => command.Contains("&"))) return null;
        return commands switch
        {
            [["esbuild", .. var flags]] when AreKnown(flags) => new BuildScript(null, [.. flags]),
            [["tsc", .. var check], ["esbuild", .. var flags]] when check.Contains("--noEmit") && AreKnown(flags) => new BuildScript([.. check], [.. flags]),
            _ => null,
        };
    }

    public bool Equals(BuildScript? other) => other is not null && Bundle.SequenceEqual(other.Bundle) && (Check ?? []).SequenceEqual(other.Check ?? []) && Check is null == other.Check is null;

    public override int GetHashCode() => Bundle.Length;

    private static bool AreKnown(string[] flags) =>
        flags.All(flag => !flag.StartsWith('-') || (flag.StartsWith("--", StringComparison.Ordinal) && Known.Contains(flag[2..].Split(':', '=')[0])));
}
