using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LazyOC.Plugins.Contracts.Permissions;

/// <summary>What a plugin may do with the network, through the host.</summary>
public sealed record NetworkPermissions
{
    /// <summary>Servers it may send HTTP requests to; any rule suffices.</summary>
    public ImmutableArray<ConnectRule> Connect { get; init => field = value.OrEmpty(); } = [];

    /// <summary>Ports of the loopback interface on which the host may take HTTP requests for it.</summary>
    public ImmutableArray<int> Listen { get; init => field = value.OrEmpty(); } = [];
}

/// <summary>
/// Servers a plugin may send requests to: an origin, as a string, or <c>{"origin": …}</c> or <c>{"fromSetting": …}</c> with
/// <c>credentials</c> that the host adds and the plugin never sees.
/// </summary>
[JsonConverter(typeof(Converter))]
public sealed record ConnectRule
{
    private const string SecretPrefix = "secret:";

    /// <summary>The servers; excludes <see cref="FromSetting"/>.</summary>
    public OriginPattern? Origin { get; init; }

    /// <summary>Name of a setting that holds a URL, whose origin is meant: the user consents to it by setting it. Excludes <see cref="Origin"/>.</summary>
    public string? FromSetting { get; init; }

    /// <summary><c>cluster</c> (the bearer token of the session's user) or <c>secret:NAME</c> (a setting of format <c>secret</c>), added as <c>Authorization: Bearer</c>; none when absent.</summary>
    public string? Credentials { get; init; }

    /// <summary>Whether the cluster's own token is added.</summary>
    public bool UsesClusterToken => Credentials == "cluster";

    /// <summary>Name of the secret setting that is added; null when none is.</summary>
    public string? SecretSetting => Credentials?.StartsWith(SecretPrefix, StringComparison.Ordinal) == true ? Credentials[SecretPrefix.Length..] : null;

    /// <summary>The servers, once the setting is looked up; null when it is unset or not the URL of a server.</summary>
    /// <param name="setting">The value of a setting by its name.</param>
    public OriginPattern? Resolve(Func<string, string?> setting)
    {
        if (FromSetting is null) return Origin;
        return Uri.TryCreate(setting(FromSetting), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && OriginPattern.TryParse(uri.GetLeftPart(UriPartial.Authority), out var origin) && !origin.IsGlob
            ? origin
            : null;
    }

    internal bool IsWithin(ImmutableArray<ConnectRule> others) => others.Any(other =>
        FromSetting == other.FromSetting && (Credentials is null || Credentials == other.Credentials)
        && (Origin is null ? other.Origin is null : other.Origin is not null && other.Origin.Covers(Origin)));

    public override string ToString() => (Origin?.ToString() ?? $"the server in the setting `{FromSetting}`") + (Credentials switch
    {
        null => "",
        "cluster" => ", with your token for the cluster",
        var secret => $", with the secret setting `{secret[SecretPrefix.Length..]}`",
    });

    /// <summary>As a string or an object; public for the JSON contexts of other rooms.</summary>
    public sealed class Converter : JsonConverter<ConnectRule>
    {
        public override ConnectRule Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.String) return new ConnectRule { Origin = ReadOrigin(reader.GetString()) };
            if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("expected an origin such as `https://api.example.com`, or an object");
            string? origin = null, fromSetting = null, credentials = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var key = reader.GetString();
                reader.Read();
                if (reader.TokenType != JsonTokenType.String) throw new JsonException($"expected text as `{key}`");
                ref var value = ref origin;
                switch (key)
                {
                    case "origin": break;
                    case "fromSetting": value = ref fromSetting; break;
                    case "credentials": value = ref credentials; break;
                    default: throw new JsonException("expected only the keys `origin`, `fromSetting` and `credentials`");
                }
                if (value is not null) throw new JsonException($"expected `{key}` only once");
                value = reader.GetString();
            }
            if (origin is null == fromSetting is null) throw new JsonException("expected either `origin` or `fromSetting`");
            if (credentials is not (null or "cluster") && !(credentials.StartsWith(SecretPrefix, StringComparison.Ordinal) && credentials.Length > SecretPrefix.Length))
                throw new JsonException("expected `cluster` or `secret:NAME` as `credentials`");
            return new ConnectRule { Origin = origin is null ? null : ReadOrigin(origin), FromSetting = fromSetting, Credentials = credentials };
        }

        public override void Write(Utf8JsonWriter writer, ConnectRule value, JsonSerializerOptions options)
        {
            if (value.FromSetting is null && value.Credentials is null)
            {
                writer.WriteStringValue(value.Origin?.ToString());
                return;
            }
            writer.WriteStartObject();
            if (value.Origin is { } origin) writer.WriteString("origin", origin.ToString());
            if (value.FromSetting is { } setting) writer.WriteString("fromSetting", setting);
            if (value.Credentials is { } credentials) writer.WriteString("credentials", credentials);
            writer.WriteEndObject();
        }

        private static OriginPattern ReadOrigin(string? text) => OriginPattern.TryParse(text, out var origin)
            ? origin
            : throw new JsonException("expected an origin such as `https://api.example.com`, without a path");
    }
}
