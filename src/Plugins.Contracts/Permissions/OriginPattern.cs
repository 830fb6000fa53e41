using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LazyOC.Plugins.Contracts.Permissions;

/// <summary>
/// Servers a plugin may talk to: <c>https://api.example.com</c>, <c>https://*.example.com</c> (any name below it),
/// <c>http://10.0.0.5:9090</c>, <c>https://*</c> (any name). Never a path: an origin is what is permitted.
/// </summary>
/// <remarks>Hosts are compared in lower case, international names in their ASCII form. Without a port it is the scheme's own.</remarks>
[JsonConverter(typeof(Converter))]
public sealed record OriginPattern
{
    private const int MaxLength = 300;

    private OriginPattern(string scheme, string host, int port) => (Scheme, Host, Port) = (scheme, host, port);

    /// <summary><c>http</c> or <c>https</c>.</summary>
    public string Scheme { get; }

    /// <summary>A name, an address, <c>*</c>, or <c>*.</c> and the name that a host must be below.</summary>
    public string Host { get; }

    public int Port { get; }

    /// <summary>Whether the host is a glob, which never stands for an address and never for a name of this computer.</summary>
    public bool IsGlob => Host[0] == '*';

    /// <summary>Reads a pattern; false when the text is not one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out OriginPattern? pattern)
    {
        pattern = null;
        if (text is null || text.Length > MaxLength) return false;
        var glob = text.IndexOf("://*", StringComparison.Ordinal);
        // A glob's star is put aside so that the rest is read as any other URL.
        var plain = glob < 0 ? text : string.Concat(text.AsSpan(0, glob + 3), "any", text.AsSpan(glob + 4));
        if (plain.Contains('*', StringComparison.Ordinal) || !Uri.TryCreate(plain, UriKind.Absolute, out var uri)) return false;
        if (uri.Scheme is not ("http" or "https") || uri.UserInfo.Length > 0 || uri.AbsolutePath != "/" || uri.Query.Length > 0 || uri.Fragment.Length > 0 || text.EndsWith('/')) return false;
        var host = HostOf(uri);
        if (glob >= 0)
        {
            if (host != "any" && !host.StartsWith("any.", StringComparison.Ordinal)) return false;
            host = "*" + host["any".Length..];
        }
        pattern = new OriginPattern(uri.Scheme, host, uri.Port);
        return true;
    }

    /// <summary>Reads a pattern.</summary>
    /// <exception cref="FormatException">The text is not one.</exception>
    public static OriginPattern Parse(string text) => TryParse(text, out var pattern)
        ? pattern
        : throw new FormatException($"`{text}` is not an origin\nhint: write a scheme and a host, such as `https://api.example.com` or `https://*.example.com:8443`");

    /// <summary>Host of an absolute URL as it is compared: lower case, ASCII, without the brackets of IPv6.</summary>
    public static string HostOf(Uri uri) => uri.IdnHost.ToLowerInvariant().TrimEnd('.');

    /// <summary>Whether an origin is permitted.</summary>
    public bool Matches(string scheme, string host, int port) => Scheme == scheme && Port == port && MatchesHost(host);

    /// <summary>Whether every origin of another pattern is permitted by this one.</summary>
    public bool Covers(OriginPattern other) =>
        Scheme == other.Scheme && Port == other.Port && (Host == other.Host || Host == "*" && (other.IsGlob || !IPAddress.TryParse(other.Host, out _)) || !other.IsGlob && MatchesHost(other.Host)
        || other.Host.StartsWith("*.", StringComparison.Ordinal) && Host.StartsWith("*.", StringComparison.Ordinal) && other.Host.EndsWith(Host[1..], StringComparison.Ordinal));

    public override string ToString()
    {
        var host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
        return Port == (Scheme == "https" ? 443 : 80) ? $"{Scheme}://{host}" : string.Create(CultureInfo.InvariantCulture, $"{Scheme}://{host}:{Port}");
    }

    private bool MatchesHost(string host)
    {
        if (!IsGlob) return Host == host;
        if (IPAddress.TryParse(host, out _)) return false;
        return Host == "*" || (host.Length > Host.Length - 1 && host.EndsWith(Host[1..], StringComparison.Ordinal));
    }

    /// <summary>As a JSON string; public for the JSON contexts of other rooms.</summary>
    public sealed class Converter : JsonConverter<OriginPattern>
    {
        public override OriginPattern Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && TryParse(reader.GetString(), out var pattern)
                ? pattern
                : throw new JsonException("expected an origin such as `https://api.example.com`");

        public override void Write(Utf8JsonWriter writer, OriginPattern value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
