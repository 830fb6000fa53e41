using System.Text.RegularExpressions;

namespace LazyOC.Marketplace.Downloads;

/// <summary>
/// What the programs that download are called in the records. Anybody sends what he likes as a name, so there are few of them:
/// <c>lazyoc/MAJOR.MINOR</c>, at most so many for a version and a day, each brought by a user that counts; and one for the rest.
/// </summary>
internal sealed partial class ClientNames(IEnumerable<string> known, int most)
{
    public const string Other = "other";

    private readonly HashSet<string> _known = new(known.Where(name => name != Other), StringComparer.Ordinal);

    /// <summary>The name that a header asks for.</summary>
    public static string Of(string userAgent) => Pattern().Match(userAgent) is { Success: true } match ? match.Groups["name"].Value : Other;

    /// <summary>The name that a download is counted under.</summary>
    /// <param name="asked">As <see cref="Of"/> gives it.</param>
    /// <param name="isNew">Whether the user has not been counted for this version and day before; one who has brings no name.</param>
    public string Take(string asked, bool isNew)
    {
        if (asked == Other || _known.Contains(asked)) return asked;
        if (!isNew || _known.Count >= most) return Other;
        _known.Add(asked);
        return asked;
    }

    [GeneratedRegex(@"^(?<name>lazyoc/[0-9]{1,3}\.[0-9]{1,3})([^0-9]|$)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
