using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace LazyOC.Plugins.Contracts.Schemas;

/// <summary>The values of <c>format</c>. Each is checked, not only noted.</summary>
/// <param name="Expected">What a text must be, after "expected".</param>
/// <param name="Holds">Whether it is.</param>
internal sealed record SchemaFormat(string Expected, Func<string, bool> Holds)
{
    /// <summary>A setting whose value only the host knows.</summary>
    public const string Secret = "secret";

    private const int MaxHostLength = 253;
    private const int MaxLabelLength = 63;

    /// <summary>All formats there are, by name.</summary>
    public static FrozenDictionary<string, SchemaFormat> All { get; } = new Dictionary<string, SchemaFormat>(StringComparer.Ordinal)
    {
        [Secret] = new("a secret", static _ => true),
        ["uri"] = new("a URI such as `https://example.com`", IsUri),
        ["email"] = new("an e-mail address", IsEmail),
        ["date-time"] = new("a time such as `2025-01-31T12:00:00Z`", IsDateTime),
        ["duration"] = new("a duration such as `PT5M`", IsDuration),
        ["hostname"] = new("a host name", IsHostname),
        ["ipv4"] = new("an IPv4 address", IsIPv4),
        ["ipv6"] = new("an IPv6 address", IsIPv6),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // RFC 3986: absolute, and every character one that a URI may have as it is.
    private static bool IsUri(string text) => Scheme.IsMatch(text) && text.All(char.IsAscii) && Uri.IsWellFormedUriString(text, UriKind.Absolute);

    // RFC 5321: a dot-string, at a domain or an address literal.
    private static bool IsEmail(string text)
    {
        var at = text.LastIndexOf('@');
        if (at <= 0 || at > 64 || !Mailbox.IsMatch(text[..at])) return false;
        var domain = text[(at + 1)..];
        return domain is ['[', .. var literal, ']'] ? IsIPv4(literal) || (literal.StartsWith("IPv6:", StringComparison.Ordinal) && IsIPv6(literal[5..])) : IsHostname(domain);
    }

    // RFC 3339, section 5.6; a leap second is one only at the end of a day in UTC.
    private static bool IsDateTime(string text)
    {
        if (DateTimeParts.Match(text) is not { Success: true } match) return false;
        int Part(string group) => match.Groups[group].Success ? int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;
        var (year, month, day) = (Part("year"), Part("month"), Part("day"));
        if (month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(Math.Max(1, year), month)) return false;
        var (hour, minute, second) = (Part("hour"), Part("minute"), Part("second"));
        var (offsetHour, offsetMinute) = (Part("offsetHour"), Part("offsetMinute"));
        if (hour > 23 || minute > 59 || second > 60 || offsetHour > 23 || offsetMinute > 59) return false;
        if (second < 60) return true;
        const int minutes = 24 * 60;
        var offset = ((offsetHour * 60) + offsetMinute) * (match.Groups["sign"].ValueSpan is "-" ? -1 : 1);
        return ((hour * 60) + minute - offset + minutes) % minutes == minutes - 1;
    }

    private static bool IsDuration(string text) => Duration.IsMatch(text);

    // RFC 1123.
    private static bool IsHostname(string text) => text.Length is > 0 and <= MaxHostLength && text.Split('.').All(label =>
        label.Length is > 0 and <= MaxLabelLength && label[0] != '-' && label[^1] != '-' && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'));

    // RFC 2673: decimal, without leading zeros, which some read as octal.
    private static bool IsIPv4(string text) => text.Split('.') is { Length: 4 } parts && parts.All(part =>
        part.Length is > 0 and <= 3 && part.All(char.IsAsciiDigit) && (part.Length == 1 || part[0] != '0') && int.Parse(part, CultureInfo.InvariantCulture) <= 255);

    // RFC 4291, section 2.2; zones are no part of an address.
    private static bool IsIPv6(string text)
    {
        if (!text.All(c => char.IsAsciiHexDigit(c) || c is ':' or '.') || !text.Contains(':', StringComparison.Ordinal)) return false;
        if (text.Contains('.', StringComparison.Ordinal) && !IsIPv4(text[(text.LastIndexOf(':') + 1)..])) return false;
        return IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6;
    }

    private static readonly Regex Scheme = new(
        @"\A[A-Za-z][A-Za-z0-9+.-]*:",
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    private static readonly Regex Mailbox = new(
        @"\A[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*\z",
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    private static readonly Regex DateTimeParts = new(
        @"\A(?<year>[0-9]{4})-(?<month>[0-9]{2})-(?<day>[0-9]{2})[Tt](?<hour>[0-9]{2}):(?<minute>[0-9]{2}):(?<second>[0-9]{2})(?:\.[0-9]+)?(?:[Zz]|(?<sign>[+-])(?<offsetHour>[0-9]{2}):(?<offsetMinute>[0-9]{2}))\z",
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    // RFC 3339, appendix A: units in order, none left out between two.
    private static readonly Regex Duration = new(
        @"\AP(?:[0-9]+W|(?:[0-9]+Y(?:[0-9]+M(?:[0-9]+D)?)?|[0-9]+M(?:[0-9]+D)?|[0-9]+D)(?:T(?:[0-9]+H(?:[0-9]+M(?:[0-9]+S)?)?|[0-9]+M(?:[0-9]+S)?|[0-9]+S))?|T(?:[0-9]+H(?:[0-9]+M(?:[0-9]+S)?)?|[0-9]+M(?:[0-9]+S)?|[0-9]+S))\z",
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
}
