using System.Text.Json.Serialization;

namespace LazyOC.Plugins.Packages;

/// <summary>Which updates of a plugin may be made without asking the user, as long as they widen nothing.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AutomaticUpdates>))]
public enum AutomaticUpdates
{
    /// <summary>None.</summary>
    [JsonStringEnumMemberName("off")] Off,

    /// <summary>Those with the same major and minor number.</summary>
    [JsonStringEnumMemberName("patch")] Patch,

    /// <summary>Those with the same major number.</summary>
    [JsonStringEnumMemberName("minor")] Minor,

    /// <summary>All.</summary>
    [JsonStringEnumMemberName("all")] All,
}

/// <summary>Why a plugin is installed.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<InstallReason>))]
public enum InstallReason
{
    /// <summary>The user asked for it.</summary>
    [JsonStringEnumMemberName("requested")] Requested,

    /// <summary>Another plugin needs it.</summary>
    [JsonStringEnumMemberName("dependency")] Dependency,
}
