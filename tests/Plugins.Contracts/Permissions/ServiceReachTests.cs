using LazyOC.Plugins.Contracts.Permissions;

namespace LazyOC.Plugins.Contracts.Tests.Permissions;

public sealed class ServiceReachTests
{
    private static readonly PluginId Caller = PluginId.Parse("acme.caller");

    private static readonly Dictionary<string, PermissionSet> Installed = new()
    {
        ["acme.series"] = new() { Network = new() { Connect = [new ConnectRule { Origin = OriginPattern.TryParse("https://a.example", out var origin) ? origin : null }] }, Services = new() { Call = ["acme.deep/x", "acme.caller/y"] } },
        ["acme.deep"] = new() { Kubernetes = [new KubernetesRule { ApiGroups = [""], Resources = ["secrets"], Verbs = ["get"] }], Services = new() { Call = ["acme.series/z"] } },
        ["acme.caller"] = new() { Clipboard = ClipboardAccess.Write },
    };

    private static string[] Reached(params string[] services) =>
        [.. ServiceReach.InWords(Caller, new PermissionSet { Services = new() { Call = [.. services] } }, id => Installed.GetValueOrDefault(id.ToString())).Select(s => s.ToString())];

    [Fact]
    public void InWords_OfCallees_TellsTheirPermissionsAndThoseBehindThemMostDangerousFirst()
    {
        Assert.Equal(["let acme.deep get secrets in every namespace", "let acme.series send requests to https://a.example"], Reached("acme.series/downsample"));
        Assert.Equal(Reached("acme.series/downsample"), Reached("acme.series/*", "acme.series/other"));
    }

    [Fact]
    public void InWords_OfNoneOrWhatIsNotInstalled_IsNothing()
    {
        Assert.Empty(Reached());
        Assert.Empty(Reached("acme.gone/x"));
    }
}
