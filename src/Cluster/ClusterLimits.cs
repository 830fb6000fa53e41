namespace LazyOC.Cluster;

/// <summary>Every limit this room applies to what a cluster, a kubeconfig or a credential plugin may send.</summary>
public sealed record ClusterLimits
{
    /// <summary>The limits used when none are given.</summary>
    public static ClusterLimits Default { get; } = new();

    /// <summary>Bytes of one buffered answer (a single object, a discovery document, one page of a plain list).</summary>
    public long MaxAnswerBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>Bytes of an error answer that are read to find its message.</summary>
    public int MaxErrorBytes { get; init; } = 64 * 1024;

    /// <summary>Bytes of one watch event; a longer one ends the watch.</summary>
    public int MaxEventBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Bytes of one list item; a longer one fails the list.</summary>
    public int MaxItemBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Bytes of one log line; a longer one is delivered in pieces of this size.</summary>
    public int MaxLogLineBytes { get; init; } = 256 * 1024;

    /// <summary>Nesting of any JSON read from a cluster.</summary>
    public int MaxJsonDepth { get; init; } = 128;

    /// <summary>Objects per page of a reflector's list.</summary>
    public int ListPageSize { get; init; } = 500;

    /// <summary>Pages followed in one list before it fails.</summary>
    public int MaxListPages { get; init; } = 10_000;

    /// <summary>Objects one reflector keeps.</summary>
    public int MaxObjects { get; init; } = 1_000_000;

    /// <summary>Characters of one projected value; longer ones are cut and end in an ellipsis.</summary>
    public int MaxCellChars { get; init; } = 4_096;

    /// <summary>Characters of one projected JSON value; longer ones are left out, for half a document is none.</summary>
    public int MaxJsonCellChars { get; init; } = 64 * 1024;

    /// <summary>Changes buffered for one subscriber when it names no capacity.</summary>
    public int ChangeCapacity { get; init; } = 1_024;

    /// <summary>Distinct strings one reflector shares between its rows.</summary>
    public int MaxInternedStrings { get; init; } = 16_384;

    /// <summary>Bytes of one kubeconfig file.</summary>
    public int MaxKubeconfigBytes { get; init; } = 1024 * 1024;

    /// <summary>Kubeconfig files in one list.</summary>
    public int MaxKubeconfigFiles { get; init; } = 64;

    /// <summary>Nesting of a kubeconfig, and of an object written as YAML.</summary>
    public int MaxYamlDepth { get; init; } = 32;

    /// <summary>Nodes of a kubeconfig, and of an object written as YAML.</summary>
    public int MaxYamlNodes { get; init; } = 100_000;

    /// <summary>Bytes of JSON that an object written as YAML makes.</summary>
    public int MaxYamlBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Bytes of a token file, certificate or key file.</summary>
    public int MaxCredentialBytes { get; init; } = 256 * 1024;

    /// <summary>Bytes a credential plugin may print.</summary>
    public int MaxExecOutputBytes { get; init; } = 256 * 1024;

    /// <summary>Resources kept from discovery.</summary>
    public int MaxDiscoveredResources { get; init; } = 50_000;

    /// <summary>Characters of a JSONPath.</summary>
    public int MaxJsonPathChars { get; init; } = 1_024;

    /// <summary>Filters inside filters of a JSONPath.</summary>
    public int MaxJsonPathDepth { get; init; } = 8;

    /// <summary>Values one JSONPath selects from one object.</summary>
    public int MaxJsonPathResults { get; init; } = 10_000;

    /// <summary>Time to reach the server and finish the TLS handshake.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time for one whole answer that is not a stream.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Silence on a watch that has shown it sends bookmarks before it counts as dead.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>Shortest server-side life of a watch; the longest is twice this.</summary>
    public TimeSpan WatchTimeout { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>First wait after a failure; doubles up to <see cref="MaxBackoff"/>.</summary>
    public TimeSpan MinBackoff { get; init; } = TimeSpan.FromMilliseconds(800);

    /// <summary>Longest wait after a failure, and the longest <c>Retry-After</c> that is honoured.</summary>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the answer of an access review is reused.</summary>
    public TimeSpan AccessReviewLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Access decisions remembered.</summary>
    public int MaxAccessDecisions { get; init; } = 10_000;

    /// <summary>How long a token file's content is reused.</summary>
    public TimeSpan TokenFileLifetime { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Time a credential plugin may take when it is not interactive.</summary>
    public TimeSpan ExecTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
