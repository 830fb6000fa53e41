namespace LazyOC.Marketplace.Browser.Tests;

/// <summary>Every page, and who has to look at it.</summary>
/// <param name="Name">For people.</param>
/// <param name="Address">Where it is.</param>
/// <param name="Account">Who looks; null for a stranger.</param>
/// <param name="Status">Which answer it is.</param>
public sealed record SitePage(string Name, string Address, string? Account = null, int Status = 200)
{
    private const string PluginAddress = $"plugins/{SiteFixture.Plugin}";

    public static IReadOnlyList<SitePage> All { get; } =
    [
        new("home", ""),
        new("all plugins", "search"),
        new("results with filters", "search?q=quota&category=cost&sort=rating"),
        new("no results", "search?q=zzzzqqqqxxxx"),
        new("plugin", PluginAddress),
        new("plugin of the demo", "plugins/lazyoc.pod-health"),
        new("difference of permissions", $"{PluginAddress}?compare=1.0.0...1.1.0"),
        new("publisher", "publishers/acme"),
        new("sign in", "sign-in?return=%2Fportal"),
        new("register", "register"),
        new("not found", "plugins/acme.nothing", Status: 404),
        new("no page", "nowhere", Status: 404),
        new("bad request", "search?minRating=9", Status: 400),
        new("not allowed", "moderation", "bert", 403),
        new("plugin, of a reader", PluginAddress, "bert"),
        new("plugin, of its author", PluginAddress, "anna"),
        new("plugin, of a moderator", PluginAddress, "mona"),
        new("portal", "portal", "anna"),
        new("empty portal", "portal", "newcomer"),
        new("tokens", "portal/tokens", "anna"),
        new("no tokens", "portal/tokens", "newcomer"),
        new("publisher in the portal", "portal/publishers/acme", "anna"),
        new("moderation", "moderation", "mona"),
        new("audit log", "moderation/audit", "mona"),
        new("accounts", "admin/accounts", "root-anna"),
        new("scanners", "admin/scanners", "root-anna"),
        new("policy", "admin/policy", "root-anna"),
        new("storage", "admin/storage", "root-anna"),
        new("jobs", "admin/jobs", "root-anna"),
    ];

    public static SitePage Named(string name) => All.Single(page => page.Name == name);
}
