namespace LazyOC.Plugins.Contracts;

/// <summary>
/// The page that explains messages: <c>docs/troubleshooting.md</c>, as it is published. Messages name its places by the anchors
/// of its headings. Error codes and kinds of fault are anchors of their own.
/// </summary>
public static class HelpPage
{
    /// <summary>Where the page is.</summary>
    public const string Address = "https://lazyoc.dev/docs/troubleshooting";

    public const string Consent = "consent-is-needed";
    public const string Trust = "the-package-is-not-trusted";
    public const string NothingFits = "the-plugins-cannot-be-installed-together";
    public const string DoesNotStart = "the-plugin-does-not-start";
    public const string NotInstalled = "the-plugin-is-not-installed";
    public const string NotRunning = "no-lazyoc-is-running";
    public const string StillWaiting = "a-frame-is-still-waiting";
    public const string Withdrawn = "a-version-was-withdrawn";
    public const string SetStays = "the-installed-plugins-stay-as-they-were";
    public const string Npm = "npm-or-esbuild-is-missing";
    public const string Build = "the-build-fails";
    public const string NotEmpty = "the-folder-is-not-empty";
    public const string Registry = "the-registry-cannot-be-used";
    public const string Marketplace = "what-a-marketplace-answers";
    public const string Port = "the-port-is-taken";
    public const string Kubeconfig = "the-kubeconfig-cannot-be-used";
    public const string Certificate = "the-certificate-is-not-accepted";
    public const string Unreachable = "the-cluster-does-not-answer";
    public const string ClusterRefuses = "the-cluster-refuses-you";

    /// <summary>The address of a place of the page.</summary>
    /// <param name="topic">The anchor of its heading: one of the names here, an error code or a kind of fault.</param>
    public static string Of(string topic) => $"{Address}#{topic}";
}
