using LazyOC.Plugins.Contracts.Manifest;

namespace LazyOC.Plugins.Contracts.Tests.Manifest;

public sealed class WhenTests
{
    private static readonly WhenContext Context = new()
    {
        HasApi = api => api is "v1" or "apps" or "apps/v1" or "tekton.dev" or "tekton.dev/v1",
        Kind = new GroupKind("apps", "Deployment"),
        Context = "prod-east",
        Namespace = "shop",
        IsOpenShift = true,
    };

    private static bool Holds(string text, WhenContext? context = null)
    {
        Assert.True(When.TryParse(text, out var when, out var error), error);
        return when.Holds(context ?? Context);
    }

    [Theory]
    [InlineData("openshift", true)]
    [InlineData("readonly", false)]
    [InlineData("!readonly", true)]
    [InlineData("!!openshift", true)]
    [InlineData("api:tekton.dev/v1", true)]
    [InlineData("api:tekton.dev/v1beta1", false)]
    [InlineData("api:tekton.dev", true)]
    [InlineData("api:v1", true)]
    [InlineData("kind:apps/Deployment", true)]
    [InlineData("kind:Deployment", false)]
    [InlineData("kind:apps/*", true)]
    [InlineData("kind:*", true)]
    [InlineData("kind:*.*/*", false)]
    [InlineData("context:prod-*", true)]
    [InlineData("context:prod", false)]
    [InlineData("context:PROD-*", false)]
    [InlineData("namespace:s?op", true)]
    [InlineData("namespace:*", true)]
    public void Holds_Term_IsDecidedOnTheContext(string text, bool holds) => Assert.Equal(holds, Holds(text));

    [Theory]
    [InlineData("readonly && readonly || openshift", true)]
    [InlineData("readonly && (readonly || openshift)", false)]
    [InlineData("openshift || readonly && readonly", true)]
    [InlineData("!readonly && openshift", true)]
    [InlineData("!(readonly || openshift)", false)]
    [InlineData("!readonly&&openshift", true)]
    [InlineData("  ( openshift )  ", true)]
    public void Holds_Operators_BindAsElsewhere(string text, bool holds) => Assert.Equal(holds, Holds(text));

    [Fact]
    public void Holds_NamespaceOverAllNamespaces_IsFalse() => Assert.False(Holds("namespace:*", Context with { Namespace = null }));

    [Theory]
    [InlineData("", "expected `api:`, `kind:`, `context:`, `namespace:`, `openshift` or `readonly` at character 1")]
    [InlineData("openshift &&", "at character 13")]
    [InlineData("openshift & readonly", "expected `&&`, `||` or the end at character 11")]
    [InlineData("openshift readonly", "expected `&&`, `||` or the end at character 11")]
    [InlineData("(openshift", "expected `)` at character 11")]
    [InlineData("openshift)", "expected `&&`, `||` or the end at character 10")]
    [InlineData("openshfit", "at character 1")]
    [InlineData("openshift:yes", "at character 1")]
    [InlineData("api:", "at character 1")]
    [InlineData("readonly || kind:apps/", "at character 13")]
    [InlineData("!", "at character 2")]
    public void TryParse_BadText_SaysWhatWasExpectedWhere(string text, string expected)
    {
        Assert.False(When.TryParse(text, out _, out var error));
        Assert.StartsWith("expected ", error, StringComparison.Ordinal);
        Assert.EndsWith(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public void TryParse_LongOrDeepText_IsRefusedWithoutRecursion()
    {
        Assert.True(When.TryParse(new string('!', 16) + "openshift", out _, out _));
        Assert.False(When.TryParse(new string('!', 17) + "openshift", out _, out var deep));
        Assert.StartsWith("expected at most 16 levels of nesting", deep, StringComparison.Ordinal);
        Assert.False(When.TryParse(new string('(', 400), out _, out _));
        Assert.False(When.TryParse(new string('(', 1_000_000), out _, out var longText));
        Assert.Equal("expected at most 500 characters", longText);
    }

    [Fact]
    public void TryParse_ManyTerms_IsNoNesting() => Assert.True(Holds(string.Join(" && ", Enumerable.Repeat("openshift", 30))));
}
