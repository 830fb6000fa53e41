using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Extensions;

namespace LazyOC.Plugins.Runtime.Tests.Extensions;

public sealed class RelationsTests : IAsyncLifetime
{
    private HostFixture _fixture = null!;

    public async Task InitializeAsync()
    {
        _fixture = await HostFixture.CreateAsync();
        await _fixture.StartAsync();
    }

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [Theory]
    [InlineData("app={.metadata.labels.app}")]
    [InlineData("{.spec.selector.matchLabels}")]
    [InlineData("app in ({.spec.template.metadata.labels.app})")]
    public async Task FollowAsync_Selector_FindsTheObjectsWithTheLabels(string selector)
    {
        var found = await FoundAsync(new() { Id = "", Title = "", From = "apps/Deployment", To = "Pod", Selector = selector });

        Assert.Equal(2, found.Objects.Length);
        Assert.All(found.Objects, pod => Assert.StartsWith("cart-", pod.Name, StringComparison.Ordinal));
        Assert.Equal(("pods", "bookstore"), (found.Kind.Plural, found.Namespace));
        Assert.NotNull(found.LabelSelector);
    }

    [Fact]
    public async Task FollowAsync_Owner_FindsWhatTheObjectOwns()
    {
        var found = await FoundAsync(new() { Id = "", Title = "", From = "apps/Deployment", To = "apps/ReplicaSet", Owner = true });

        Assert.StartsWith("cart-", Assert.Single(found.Objects).Name, StringComparison.Ordinal);
        Assert.Null(found.LabelSelector);
    }

    [Fact]
    public async Task FollowAsync_Name_FindsTheOneAndANamespaceOfItsOwn()
    {
        var found = await FoundAsync(new() { Id = "", Title = "", From = "apps/Deployment", To = "apps/Deployment", Name = "{.metadata.name}", Namespace = "{.metadata.namespace}" });

        Assert.Equal("cart", Assert.Single(found.Objects).Name);
    }

    [Theory]
    [InlineData("{.metadata.labels.nothing}", "has no `.metadata.labels.nothing`")]
    [InlineData("{.spec.template}", "no label")]
    [InlineData("{.spec.template.spec.containers}", "is no text")]
    [InlineData("{.metadata.annotations.evil}", "no label")]
    [InlineData("{.spec.template.spec.nodeSelector}", "has no")]
    [InlineData("{][}", "path")]
    public async Task FollowAsync_WhatIsNotThereOrNoLabel_LeadsNowhereAndSaysWhy(string selector, string why)
    {
        var cart = _fixture.Cluster.Store.Get("apps/v1", "Deployment", "bookstore", "cart")!;
        cart["metadata"]!["annotations"] = new System.Text.Json.Nodes.JsonObject { ["evil"] = "cart,app!=cart" };
        _fixture.Cluster.Store.Apply(cart.ToJsonString());

        var nowhere = Assert.IsType<RelatedObjects.Nowhere>(await FollowAsync(new() { Id = "", Title = "", From = "apps/Deployment", To = "Pod", Selector = selector }));

        Assert.Contains(why, nowhere.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FollowAsync_KindThatIsNotServedOrObjectThatIsNotThere_SaysSo()
    {
        Assert.Contains("serves no", Assert.IsType<RelatedObjects.Nowhere>(await FollowAsync(new() { Id = "", Title = "", From = "apps/Deployment", To = "example.com/Thing", Owner = true })).Reason, StringComparison.Ordinal);
        Assert.IsType<RelatedObjects.Nowhere>(await FollowAsync(new() { Id = "", Title = "", From = "apps/Deployment", To = "ConfigMap", Name = "{.metadata.name}" }));
    }

    [Fact]
    public async Task FollowAsync_MoreThanAreTaken_SaysThatThereAreMore()
    {
        await using var fixture = await HostFixture.CreateAsync();
        fixture.Limits = fixture.Limits with { RelatedObjects = 1 };
        await fixture.StartAsync();

        var found = Assert.IsType<RelatedObjects.Found>(await fixture.Extensions.FollowAsync(
            new() { Id = "", Title = "", From = "apps/Deployment", To = "Pod", Selector = "app={.metadata.labels.app}" }, Cart));

        Assert.Single(found.Objects);
        Assert.True(found.HasMore);
    }

    private static ObjectReference Cart => new() { Group = "apps", Kind = "Deployment", Namespace = "bookstore", Name = "cart" };

    private Task<RelatedObjects> FollowAsync(RelationContribution relation) => _fixture.Extensions.FollowAsync(relation, Cart);

    private async Task<RelatedObjects.Found> FoundAsync(RelationContribution relation) => Assert.IsType<RelatedObjects.Found>(await FollowAsync(relation));
}
