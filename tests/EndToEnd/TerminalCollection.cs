namespace LazyOC.EndToEnd.Tests;

/// <summary>Collections of tests with a full screen: one at a time in each, so that a small machine is not overrun.</summary>
internal static class TerminalCollection
{
    public const string Screens = "screens";

    public const string Plugins = "plugins on screens";
}
