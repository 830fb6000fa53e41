using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Plugins.Packages.Resolution;

/// <summary>What would help where there is no solution. The first four were tried: with them there is one.</summary>
public abstract record Remedy
{
    private Remedy() { }

    /// <summary>Another range of a plugin that the request wants: <c>^</c> and a version.</summary>
    public sealed record AskFor(PluginId Plugin, SemanticVersion Version) : Remedy
    {
        public VersionRange Range => VersionRange.Parse($"^{Version}");

        public override string ToString() => $"`{Plugin} ^{Version}` would do";
    }

    /// <summary>Time: what is cooling down would do.</summary>
    public sealed record Wait(DateTimeOffset Until) : Remedy
    {
        public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"try again after {Until.ToUniversalTime():yyyy-MM-dd HH:mm} UTC");
    }

    /// <summary>Another LazyOC.</summary>
    public sealed record UpdateHost(VersionRange Range) : Remedy
    {
        public override string ToString() => HostApiHistory.All.FirstOrDefault(row => Range.Contains(row.HostApi)) is { } row
            ? $"use LazyOC {row.Lazyoc}, which has host API `{row.HostApi}`"
            : $"use a LazyOC with host API `{Range}`";
    }

    /// <summary>Doing without a plugin that the request wants.</summary>
    public sealed record LeaveOut(PluginId Plugin) : Remedy
    {
        public override string ToString() => $"without `{Plugin}` the others fit together";
    }

    /// <summary>A plugin that nobody knows.</summary>
    /// <param name="Plugin">Its id.</param>
    /// <param name="IsWanted">Whether the request names it, and not a plugin's author.</param>
    public sealed record FindRegistry(PluginId Plugin, bool IsWanted) : Remedy
    {
        public override string ToString() => $"{(IsWanted ? $"check the spelling of `{Plugin}`, or " : "")}add the registry that has {(IsWanted ? "it" : $"`{Plugin}`")}";
    }

    /// <summary>A version of a plugin that is not published yet.</summary>
    public sealed record AwaitVersion(PluginId Plugin) : Remedy
    {
        public override string ToString() => $"ask the publisher of `{Plugin}` for a version that fits";
    }
}
