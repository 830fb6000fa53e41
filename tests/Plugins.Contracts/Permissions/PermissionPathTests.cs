using LazyOC.Plugins.Contracts.Permissions;

namespace LazyOC.Plugins.Contracts.Tests.Permissions;

public sealed class PermissionPathTests
{
    private static readonly PermissionSet Permissions = new()
    {
        Kubernetes = [Rule("pods"), Rule("nodes")],
        Network = new() { Connect = [new() { Origin = OriginPattern.Parse("https://a.example") }, new() { FromSetting = "url", Credentials = "cluster" }], Listen = [9000] },
        Events = new() { Subscribe = ["resource.pods", "plugin.*", "cluster.changed"] },
        Storage = "1MiB",
        Clipboard = ClipboardAccess.Write,
    };

    [Fact]
    public void Of_ASet_NamesEachPermissionOnce() => Assert.Equal(
        ["kubernetes[0]", "kubernetes[1]", "network.connect[0]", "network.connect[1]", "network.listen", "events.subscribe", "storage", "clipboard"],
        PermissionPath.Of(Permissions).AsEnumerable());

    [Fact]
    public void Select_Everything_IsTheSame() =>
        Assert.Equal(Permissions.ComputeDigest(), PermissionPath.Select(Permissions, _ => true).ComputeDigest());

    [Theory]
    [InlineData("kubernetes[1]")]
    [InlineData("network.connect[0]")]
    [InlineData("network.listen")]
    [InlineData("events.subscribe")]
    [InlineData("storage")]
    [InlineData("clipboard")]
    public void Select_AllButOne_LacksJustThat(string path)
    {
        var rest = PermissionPath.Select(Permissions, other => other != path);
        Assert.Equal(PermissionPath.Of(Permissions).Length - 1, PermissionPath.Of(rest).Length);
        Assert.True(rest.IsWithin(Permissions));
        Assert.False(Permissions.IsWithin(rest));
    }

    [Theory]
    [InlineData("kubernetes", "kubernetes[0]", true)]
    [InlineData("kubernetes[0]", "kubernetes[0]", true)]
    [InlineData("kubernetes[1]", "kubernetes[10]", false)]
    [InlineData("network", "network.connect[0]", true)]
    [InlineData("network.connect", "network.connect[0]", true)]
    [InlineData("net", "network.listen", false)]
    [InlineData("events", "events.publish", true)]
    public void Names_GroupOrPermission_NamesWhatIsInIt(string path, string permission, bool expected) =>
        Assert.Equal(expected, PermissionPath.Names(path, permission));

    [Fact]
    public void WithoutCluster_LeavesWhatIsNotTheClusters()
    {
        var left = Permissions.WithoutCluster();
        Assert.Equal(["network.connect[0]", "network.listen", "events.subscribe", "storage", "clipboard"], PermissionPath.Of(left).AsEnumerable());
        Assert.Equal(["plugin.*"], left.Events.Subscribe.AsEnumerable());
    }

    private static KubernetesRule Rule(string resource) => new() { ApiGroups = [""], Resources = [resource], Verbs = ["get"] };
}
