using System.Text;
using System.Text.RegularExpressions;

namespace LazyOC.Plugins.Contracts.Tests.Versions;

/// <summary>Ranges and versions as people write them, and a few that nobody should; a seed decides all of it.</summary>
internal sealed partial class RangeText(int seed)
{
    private static readonly string[] Operators = ["", "", "=", "<", "<=", ">", ">=", "~", "~>", "^", "^"];
    private static readonly string[] Wildcards = ["x", "X", "*"];
    private static readonly string[] Tags = ["-0", "-a", "-alpha.1", "-beta", "-beta.2", "-beta.11", "-rc.1", "-x", "--", "-1", "-10", "-a.b.c"];
    private static readonly string[] Builds = ["+1", "+build.5", "+001", "+a-b"];
    private const string Noise = "<>=~^|-+. x*v0129a";

    private readonly Random _random = new(seed);

    /// <summary>By npm's grammar, but for one in twelve, which is damaged in one place.</summary>
    public string Range()
    {
        var text = string.Join(OneIn(3) ? "||" : " || ", Enumerable.Range(0, OneIn(3) ? 1 + _random.Next(3) : 1).Select(_ => Set()));
        return OneIn(12) ? Damage(text) : text;
    }

    /// <summary>A version that is likely to be near a bound of a range.</summary>
    public string VersionNear(string range)
    {
        var named = Named().Matches(range);
        if (named.Count == 0 || OneIn(3)) return Version();
        var numbers = named[_random.Next(named.Count)].Groups["numbers"].Value;
        return numbers + (OneIn(2) ? Of(Tags) : "");
    }

    public string Version() => $"{Number()}.{Number()}.{Number()}{(OneIn(3) ? Of(Tags) : "")}{(OneIn(12) ? Of(Builds) : "")}";

    private string Set()
    {
        if (OneIn(8)) return $"{Partial()} - {Partial()}";
        if (OneIn(20)) return OneIn(2) ? "" : Of(Wildcards);
        return string.Join(OneIn(8) ? "  " : " ", Enumerable.Range(0, 1 + (OneIn(2) ? _random.Next(3) : 0)).Select(_ => Of(Operators) + (OneIn(10) ? " " : "") + Partial()));
    }

    private string Partial()
    {
        var text = new StringBuilder(OneIn(20) ? "v" : "").Append(OneIn(12) ? Of(Wildcards) : Number());
        if (OneIn(6)) return text.ToString();
        text.Append('.').Append(OneIn(10) ? Of(Wildcards) : Number());
        if (OneIn(6)) return text.ToString();
        text.Append('.').Append(OneIn(10) ? Of(Wildcards) : Number());
        if (OneIn(3)) text.Append(Of(Tags));
        if (OneIn(12)) text.Append(Of(Builds));
        return text.ToString();
    }

    private string Damage(string text)
    {
        var at = _random.Next(text.Length + 1);
        var noise = Noise[_random.Next(Noise.Length)];
        return _random.Next(3) switch
        {
            0 => text.Insert(at, noise.ToString()),
            1 when at < text.Length => text.Remove(at, 1),
            _ => text[..at] + noise + text[Math.Min(at + 1, text.Length)..],
        };
    }

    private string Number() => OneIn(30) ? "10" : OneIn(4_000) ? "9007199254740991" : OneIn(4_000) ? "99999999999999999999" : _random.Next(4).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private string Of(string[] items) => items[_random.Next(items.Length)];

    private bool OneIn(int count) => _random.Next(count) == 0;

    [GeneratedRegex(@"(?<numbers>(0|[1-9]\d*)(\.(0|[1-9]\d*)){2})", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Named();
}
