using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Tui.PluginViews;

namespace LazyOC.Tui.Tests.PluginViews;

public sealed class FaultViewTests
{
    [Theory]
    [InlineData("build-failed", "mend what is named and save")]
    [InlineData("permission-denied", "lazyoc plugin audit --plugin acme.one")]
    [InlineData("threw", "lazyoc plugin disable acme.one")]
    public void Hint_OfAFailure_IsTheNextStep(string code, string hint) =>
        Assert.Contains(hint, FaultView.Hint(new PluginFailure(PluginId.Parse("acme.one"), "One", code, "it failed")), StringComparison.Ordinal);
}
