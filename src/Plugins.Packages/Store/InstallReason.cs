using System.Text.Json.Serialization;

namespace LazyOC.Plugins.Packages;

/// <summary>Why a plugin is installed.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<InstallReason>))]
public enum InstallReason
{
    /// <summary>The user asked for it.</summary>
    [JsonStringEnumMemberName("requested")] Requested,

    /// <summary>Another plugin needs it.</summary>
    [JsonStringEnumMemberName("dependency")] Dependency,
}
