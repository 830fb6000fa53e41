using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace LazyOC.Plugins.Contracts.Permissions;

/// <summary>What may be done with a mounted folder.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FileAccess>))]
public enum FileAccess
{
    [JsonStringEnumMemberName("read")] Read,
    [JsonStringEnumMemberName("readwrite")] ReadWrite,
}

/// <summary>A folder of the user's, chosen at consent, that the plugin sees as <c>/mnt/NAME</c>.</summary>
public sealed record FileRule
{
    /// <summary>Name below <c>/mnt</c>: lower-case letters, digits and hyphens.</summary>
    public required string Mount { get; init; }

    /// <summary>Whether files may be changed as well.</summary>
    public FileAccess Access { get; init; }

    /// <summary>Folder proposed to the user, such as <c>~/reports</c>.</summary>
    public string? Suggest { get; init; }

    /// <summary>The folder that the user chose: absolute. Part of a grant, never of a manifest.</summary>
    public string? Host { get; init; }

    internal bool IsWithin(ImmutableArray<FileRule> others) => others.Any(other => other.Mount == Mount && other.Access >= Access);
}

/// <summary>What may be done with the clipboard.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ClipboardAccess>))]
public enum ClipboardAccess
{
    /// <summary>Nothing.</summary>
    [JsonStringEnumMemberName("none")] None,

    /// <summary>Text may be put on it, within a gesture.</summary>
    [JsonStringEnumMemberName("write")] Write,
}

/// <summary>What may be done with the audit.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AuditAccess>))]
public enum AuditAccess
{
    /// <summary>Nothing.</summary>
    [JsonStringEnumMemberName("none")] None,

    /// <summary>What every plugin did and was refused may be read and followed.</summary>
    [JsonStringEnumMemberName("read")] Read,
}

/// <summary>Other plugins' services.</summary>
public sealed record ServicePermissions
{
    /// <summary>Services that may be called: <c>PLUGIN-ID/NAME</c>, or <c>PLUGIN-ID/*</c>.</summary>
    public ImmutableArray<string> Call { get; init => field = value.OrEmpty(); } = [];

    internal static bool Covers(ImmutableArray<string> granted, string service) =>
        granted.Contains(service) || (service.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash && granted.Contains(service[..slash] + "/*"));
}
