using System.Text;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime.Extensions;

namespace LazyOC.Plugins.Runtime.Tests.Extensions;

public sealed class ContributionIndexTests
{
    [Fact]
    public void For_LeavesOutWhatIsNotThere()
    {
        var index = Index(("acme.one", """
            "tabs":[{"id":"acme.one.always","resource":"Pod","title":"A"},{"id":"acme.one.tekton","resource":"Pod","title":"T","when":"api:tekton.dev/v1"}],
            "pages":[{"id":"acme.one.page","title":"P","when":"openshift"}],
            "commands":[{"id":"acme.one.do","title":"D","when":"!readonly"}],
            "keys":[{"key":"x","command":"acme.one.do"}]
            """));

        var plain = index.For(new WhenContext { IsReadOnly = true });
        var rich = index.For(new WhenContext { HasApi = api => api == "tekton.dev/v1", IsOpenShift = true });

        Assert.Equal(["acme.one.always"], plain.TabsFor(new GroupKind("", "Pod")).Select(t => t.Contribution.Id));
        Assert.Empty(plain.Pages);
        // A key goes with what it starts.
        Assert.Empty(plain.Keys);
        Assert.Equal(["acme.one.always", "acme.one.tekton"], rich.TabsFor(new GroupKind("", "Pod")).Select(t => t.Contribution.Id));
        Assert.Single(rich.Pages);
        Assert.Single(rich.Keys);
    }

    [Fact]
    public void TabsFor_ATabOfAnyKind_AreThereWhereItsPredicateHolds()
    {
        var index = Index(("acme.one", """ "tabs":[{"id":"acme.one.any","resource":"*","title":"A"},{"id":"acme.one.custom","resource":"*","title":"C","when":"kind:*.*/*"}] """));

        string[] In(GroupKind kind) => [.. index.For(new WhenContext { Kind = kind }).TabsFor(kind).Select(t => t.Contribution.Id)];

        Assert.Equal(["acme.one.any"], In(new GroupKind("apps", "Deployment")));
        Assert.Equal(["acme.one.any", "acme.one.custom"], In(new GroupKind("argoproj.io", "Application")));
    }

    [Fact]
    public void For_TheSameContext_IsTheSameIndex()
    {
        var index = Index(("acme.one", """ "tabs":[{"id":"acme.one.tab","resource":"Pod","title":"A","when":"readonly"}] """));

        Assert.Same(index.For(new WhenContext { Namespace = "a" }), index.For(new WhenContext { Namespace = "a" }));
        Assert.NotSame(index.For(new WhenContext { Namespace = "a" }), index.For(new WhenContext { Namespace = "b" }));
    }

    [Theory]
    [InlineData("global", "global", true)]
    [InlineData("global", "list", false)]
    [InlineData("details", "details", true)]
    public void KeyConflicts_AreOfOneContext(string one, string two, bool conflict)
    {
        var index = Index(
            ("acme.one", $$""" "commands":[{"id":"acme.one.do","title":"D"}],"keys":[{"key":"ctrl-x","command":"acme.one.do","context":"{{one}}"}] """),
            ("acme.two", $$""" "commands":[{"id":"acme.two.do","title":"D"}],"keys":[{"key":"ctrl-x","command":"acme.two.do","context":"{{two}}"}] """));

        Assert.Equal(conflict, index.KeyConflicts is [{ Key: "ctrl-x", Claimants: [{ PluginName: "acme.one" }, { PluginName: "acme.two" }] }]);
        Assert.Equal(conflict, !index.KeyConflicts.IsEmpty);
    }

    [Theory]
    [InlineData("Pod", true)]
    [InlineData("apps/Deployment", false)]
    public void KeyConflicts_OfActions_AreOnACommonKindInListsAndDetails(string kind, bool conflict)
    {
        var index = Index(
            ("acme.one", """ "actions":[{"id":"acme.one.act","title":"A","resources":["Pod"],"key":"X"}] """),
            ("acme.two", $$""" "actions":[{"id":"acme.two.act","title":"A","resources":["{{kind}}"],"key":"X"}] """));

        Assert.Equal(conflict ? [KeyContext.List, KeyContext.Details] : [], index.KeyConflicts.Select(c => c.Context));
    }

    [Fact]
    public void KeyConflicts_OfOneTargetTwice_AreNone() => Assert.Empty(Index(
        ("acme.one", """ "actions":[{"id":"acme.one.act","title":"A","resources":["Pod"],"key":"X"}],"keys":[{"key":"X","action":"acme.one.act","context":"list"}] """)).KeyConflicts);

    private static ContributionIndex Index(params (string Id, string Contributes)[] plugins) => new([.. plugins.Select(plugin =>
    {
        var json = $$"""{"manifestVersion":1,"id":"{{plugin.Id}}","version":"1.0.0","displayName":"{{plugin.Id}}","engines":{"lazyoc":"^1.0"},"main":"main.js","contributes":{ {{plugin.Contributes}} } }""";
        Assert.True(ManifestReader.Read(Encoding.UTF8.GetBytes(json)).TryGet(out var manifest, out var problems), Problem.Join(problems));
        return new InstalledPlugin
        {
            Manifest = manifest,
            Main = Array.Empty<byte>(),
            Entry = new InstalledEntry
            {
                Id = manifest.Id,
                Version = manifest.Version,
                Digest = Digest.Of([]),
                Files = Digest.Of([]),
                Source = "test",
                Granted = manifest.Permissions,
                GrantDigest = Digest.Of([]),
                StoreEpoch = 1,
                Enabled = true,
                Why = InstallReason.Requested,
            },
        };
    })]);
}
