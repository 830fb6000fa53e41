using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Json;

namespace LazyOC.Marketplace.Scanning.Licences;

/// <summary>An SPDX licence expression (https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/).</summary>
/// <param name="Ids">The licences in it, in order, without their <c>+</c>.</param>
/// <param name="Deprecated">Those of them that the list has given up.</param>
internal sealed record SpdxExpression(ImmutableArray<string> Ids, ImmutableArray<string> Deprecated)
{
    /// <summary>Whether it has a licence of the author's own, which is not on the list.</summary>
    public bool IsOwn => Ids.Any(id => id.StartsWith(SpdxList.OwnPrefix, StringComparison.Ordinal));

    /// <summary>Reads an expression; operators are in capitals, <c>AND</c> binds more than <c>OR</c>, <c>WITH</c> more than both.</summary>
    public static Outcome<SpdxExpression> Read(string text)
    {
        var words = text.Replace("(", " ( ", StringComparison.Ordinal).Replace(")", " ) ", StringComparison.Ordinal).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var ids = ImmutableArray.CreateBuilder<string>();
        var deprecated = ImmutableArray.CreateBuilder<string>();
        var (depth, expectsLicence) = (0, true);
        for (var i = 0; i < words.Length; i++)
        {
            switch (words[i])
            {
                case "(" when expectsLicence:
                    depth++;
                    break;
                case ")" when !expectsLicence && depth > 0:
                    depth--;
                    break;
                case "AND" or "OR" when !expectsLicence:
                    expectsLicence = true;
                    break;
                case "WITH" when !expectsLicence && i + 1 < words.Length && words[i - 1] != ")":
                    if (!SpdxList.IsException(words[++i])) return new Problem("", $"`{words[i]}` is no exception of the SPDX list", Near(words[i]));
                    break;
                case var word when expectsLicence && word is not ("(" or ")" or "AND" or "OR" or "WITH"):
                    var id = word.TrimEnd('+');
                    if (word.Length - id.Length > 1 || !SpdxList.IsLicence(id)) return new Problem("", $"`{word}` is no licence of the SPDX list", Near(id));
                    if (SpdxList.IsDeprecated(id)) deprecated.Add(id);
                    ids.Add(id);
                    expectsLicence = false;
                    break;
                case var word:
                    return new Problem("", $"`{word}` does not belong where it stands");
            }
        }
        if (expectsLicence) return new Problem("", words.Length == 0 ? "it is empty" : "it ends where a licence is expected");
        return depth > 0 ? new Problem("", "a parenthesis is not closed") : new SpdxExpression(ids.ToImmutable(), deprecated.ToImmutable());
    }

    private static string? Near(string word) => SpdxList.Near(word) is { } near ? $"did you mean `{near}`?" : "see https://spdx.org/licenses/";
}

/// <summary>The SPDX licence list, as it was when the program was built.</summary>
internal static class SpdxList
{
    public const string OwnPrefix = "LicenseRef-";

    private static readonly Lazy<(ImmutableHashSet<string> Licences, ImmutableHashSet<string> Deprecated, ImmutableHashSet<string> Exceptions)> List = new(Load);

    public static bool IsLicence(string id) => List.Value.Licences.Contains(id) || IsDeprecated(id) || IsOwn(id);

    public static bool IsDeprecated(string id) => List.Value.Deprecated.Contains(id);

    public static bool IsException(string id) => List.Value.Exceptions.Contains(id);

    /// <summary>What was probably meant.</summary>
    public static string? Near(string word) => NearestName.Of(word, List.Value.Licences.Order(StringComparer.Ordinal));

    private static bool IsOwn(string id)
    {
        var at = id.StartsWith("DocumentRef-", StringComparison.Ordinal) ? id.IndexOf(':', StringComparison.Ordinal) + 1 : 0;
        return id.AsSpan(at).StartsWith(OwnPrefix, StringComparison.Ordinal) && id.Length > at + OwnPrefix.Length && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or ':');
    }

    private static (ImmutableHashSet<string>, ImmutableHashSet<string>, ImmutableHashSet<string>) Load()
    {
        const string name = "spdx.txt";
        using var stream = typeof(SpdxList).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"`{name}` is not in the assembly.");
        using var reader = new StreamReader(stream);
        var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return (Of(lines.Where(line => line[0] is not ('#' or '-' or '+'))), Of(lines.Where(line => line[0] == '-').Select(line => line[1..])), Of(lines.Where(line => line[0] == '+').Select(line => line[1..])));
    }

    private static ImmutableHashSet<string> Of(IEnumerable<string> ids) => ids.ToImmutableHashSet(StringComparer.Ordinal);
}
