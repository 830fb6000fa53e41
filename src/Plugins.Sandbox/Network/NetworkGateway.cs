using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Sandbox.Audit;
using LazyOC.Plugins.Sandbox.Broker;
using LazyOC.Plugins.Sandbox.Quotas;

namespace LazyOC.Plugins.Sandbox.Network;

/// <summary>What a <see cref="NetworkGateway"/> is made of.</summary>
public sealed record NetworkGatewayOptions
{
    public required NetworkOptions Network { get; init; }
    public required NetworkCluster Cluster { get; init; }
    public required SandboxLimits Limits { get; init; }
    public required QuotaLedger Quotas { get; init; }
    public required ViolationMonitor Violations { get; init; }

    /// <summary>Every redirect that is followed is written here before it is; the call itself is the broker's to write.</summary>
    public required AuditLog Audit { get; init; }

    public required TimeProvider Time { get; init; }
}

/// <summary>
/// Sends plugins' HTTP requests, each redirect a request of its own: blocklist → permission → address → credentials →
/// limits. Thread safe.
/// </summary>
/// <remarks>
/// Which addresses a rule opens: one that names an address or <c>localhost</c>, exactly that; one whose URL the user has
/// set, whatever its name leads to but link-local, multicast and reserved addresses; names and globs, only public ones. The
/// cluster's API server must be named by a rule without a star. Of several rules that permit a request the one that reaches
/// furthest counts.
/// </remarks>
public sealed class NetworkGateway : IDisposable
{
    private const string Call = "http.fetch";

    private readonly NetworkGatewayOptions _options;
    private readonly ConnectionPools _pools;
    private readonly Credentials _credentials;
    private readonly AnswerReader _answers;
    private readonly ConcurrentDictionary<PluginId, OpenRequests> _running = new();

    public NetworkGateway(NetworkGatewayOptions options)
    {
        _options = options;
        _pools = new ConnectionPools(options.Network, new Connector(options.Network, options.Cluster.ApiServer, options.Limits.NetworkAddresses), options.Limits);
        _credentials = new Credentials(options.Network, options.Cluster);
        _answers = new AnswerReader(options.Limits, SpendBytes);
    }

    /// <summary>Sends a request that <see cref="RequestRules.Check"/> has nothing against, and whose first token of <see cref="QuotaClass.Network"/> is taken.</summary>
    /// <param name="plugin">Whose request it is.</param>
    /// <param name="request">The request.</param>
    /// <param name="save">Where the body of a successful answer goes; null when it is a part of the answer.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async ValueTask<CallOutcome<HttpFetchAnswer>> FetchAsync(PluginPrincipal plugin, HttpFetchRequest request, SaveBody? save, CancellationToken cancellationToken)
    {
        var running = _running.GetOrAdd(plugin.Id, static _ => new OpenRequests());
        if (!running.TryEnter(_options.Limits.NetworkConcurrency)) return new CallError(ErrorCode.QuotaExceeded, $"{_options.Limits.NetworkConcurrency} requests are open already");
        var time = TimeFor(request);
        using var timeout = new CancellationTokenSource(time, _options.Time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await FollowAsync(plugin, Hop.First(request), save, ends.Token);
        }
        catch (Exception failure) when (NetworkRefusalException.Within(failure) is { } refusal)
        {
            return refusal.Error;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new CallError(ErrorCode.Timeout, $"there was no whole answer within {time.TotalMilliseconds:0} ms");
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or SocketException or ObjectDisposedException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Explain(failure);
        }
        finally
        {
            running.Leave();
        }
    }

    /// <summary>A URL as the audit names it: without the query, which may hold what is nobody's business.</summary>
    public static string TargetOf(Uri url) => url.GetLeftPart(UriPartial.Path);

    /// <summary>Ends every connection: what was checked for one session is not used in the next.</summary>
    public void CloseConnections() => _pools.CloseAll();

    /// <inheritdoc/>
    public void Dispose() => _pools.Dispose();

    private TimeSpan TimeFor(HttpFetchRequest request) =>
        request.TimeoutMs is { } asked && TimeSpan.FromMilliseconds(asked) < _options.Limits.NetworkTimeout ? TimeSpan.FromMilliseconds(asked) : _options.Limits.NetworkTimeout;

    private async Task<HttpFetchAnswer> FollowAsync(PluginPrincipal plugin, Hop hop, SaveBody? save, CancellationToken cancellationToken)
    {
        for (var redirects = 0; ; redirects++)
        {
            using var response = redirects == 0 ? await SendFirstAsync(plugin, hop, cancellationToken) : await SendAsync(plugin, hop, cancellationToken);
            if (hop.Follow(response) is not { } next) return await _answers.ReadAsync(plugin.Id, hop, response, save, cancellationToken);
            if (redirects == _options.Limits.NetworkRedirects) throw new NetworkRefusalException(ErrorCode.Unavailable, $"there are more than {redirects} redirects");
            Take(plugin.Id, QuotaClass.Network, 1);
            await AuditAsync(plugin, hop, next, cancellationToken);
            hop = next;
        }
    }

    private async Task<HttpResponseMessage> SendAsync(PluginPrincipal plugin, Hop hop, CancellationToken cancellationToken)
    {
        var rules = RulesFor(plugin, Demand.Connect.To(hop.Url));
        var authorization = await _credentials.ForAsync(plugin, hop, rules, cancellationToken);
        using var message = NewMessage(hop, authorization);
        SpendBytes(plugin.Id, hop.Url.OriginalString.Length + hop.Headers.Sum(header => header.Key.Length + header.Value.Length + 4L) + (hop.Body?.Bytes.Length ?? 0));
        var reach = rules.Max(match => AddressReaches.Of(match.Rule, match.Origin));
        return await _pools[new ConnectionKey(plugin.Id, plugin.Session, reach)].SendAsync(message, cancellationToken);
    }

    /// <summary>Why a plugin may not have the user's browser ask a server: what keeps it from asking there itself; null when it may.</summary>
    public CallError? WhyNotBrowse(PluginPrincipal plugin, Uri url)
    {
        try
        {
            RulesFor(plugin, Demand.Connect.To(url));
            return null;
        }
        catch (NetworkRefusalException refusal)
        {
            return refusal.Error;
        }
    }

    // What a server redirects to says nothing about the plugin.
    private async Task<HttpResponseMessage> SendFirstAsync(PluginPrincipal plugin, Hop hop, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(plugin, hop, cancellationToken);
        }
        catch (Exception failure) when (NetworkRefusalException.Within(failure) is { Error.Code: ErrorCode.PermissionDenied })
        {
            _options.Violations.Record(plugin.Id, Violation.PermissionRefused, Call);
            throw;
        }
    }

    private ImmutableArray<MatchingRule> RulesFor(PluginPrincipal plugin, Demand.Connect demand)
    {
        foreach (var blocked in _options.Network.Blocklist)
            if (blocked.Matches(demand.Scheme, demand.Host, demand.Port)) throw new NetworkRefusalException(ErrorCode.PermissionDenied, $"`{demand.Host}` is on the blocklist, by {blocked}");
        if (!plugin.MayReceive(demand)) throw new NetworkRefusalException(ErrorCode.PermissionDenied, $"this plugin has no permission to {demand}");
        var rules = new List<MatchingRule>();
        foreach (var rule in plugin.Granted.Network.Connect)
            if (rule.Resolve(plugin.Setting) is { } origin && origin.Matches(demand.Scheme, demand.Host, demand.Port)) rules.Add(new MatchingRule(rule, origin));
        if (rules.Count == 0) throw new NetworkRefusalException(ErrorCode.PermissionDenied, $"this plugin has no permission to {demand}");
        if (IsApiServer(demand) && rules.TrueForAll(match => match.Origin.IsGlob)) throw new NetworkRefusalException(ErrorCode.PermissionDenied, $"`{demand.Host}` is the cluster's API server, which a permission must name exactly");
        return [.. rules];
    }

    private bool IsApiServer(Demand.Connect demand) =>
        _options.Cluster.ApiServer() is { } server && OriginPattern.HostOf(server) == demand.Host && server.Port == demand.Port;

    private static HttpRequestMessage NewMessage(Hop hop, string? authorization)
    {
        var message = new HttpRequestMessage(new HttpMethod(hop.Method), hop.Url)
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = hop.Body is { } body ? new ReadOnlyMemoryContent(body.Bytes) : null,
        };
        foreach (var (name, value) in hop.Headers)
        {
            if (message.Headers.TryAddWithoutValidation(name, value)) continue;
            // It is a header of the body, which there is only where it may be.
            if (RequestRules.MayHaveBody(hop.Method)) (message.Content ??= new ReadOnlyMemoryContent(ReadOnlyMemory<byte>.Empty)).Headers.TryAddWithoutValidation(name, value);
        }
        if (!message.Headers.NonValidated.Contains("User-Agent")) message.Headers.TryAddWithoutValidation("User-Agent", "lazyoc");
        if (!hop.NamesEncoding) message.Headers.TryAddWithoutValidation("Accept-Encoding", AnswerReader.AcceptedEncodings);
        if (authorization is not null) message.Headers.TryAddWithoutValidation("Authorization", authorization);
        return message;
    }

    private async ValueTask AuditAsync(PluginPrincipal plugin, Hop from, Hop to, CancellationToken cancellationToken)
    {
        try
        {
            await _options.Audit.RecordDurablyAsync(new AuditEvent
            {
                Plugin = plugin.Id,
                Version = plugin.Version,
                Digest = plugin.Digest,
                Call = Call,
                Target = to.Target,
                Decision = AuditDecision.Intent,
                Reason = $"redirected from {from.Target}",
            }, cancellationToken);
        }
        catch (IOException failure)
        {
            throw new NetworkRefusalException(ErrorCode.Unavailable, failure.Message);
        }
    }

    private void SpendBytes(PluginId plugin, long bytes) => Take(plugin, QuotaClass.NetworkBytes, bytes);

    private void Take(PluginId plugin, QuotaClass quota, double tokens)
    {
        if (_options.Quotas.TryTake(plugin, quota, tokens, out var retryAfter)) return;
        throw new NetworkRefusalException(ErrorCode.QuotaExceeded, CapabilityBroker.QuotaMessage(quota, retryAfter));
    }

    private static CallError Explain(Exception failure) => failure switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => new CallError(ErrorCode.TooLarge, "the headers of the answer are longer than they may be"),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => new CallError(ErrorCode.Unavailable, $"the server's certificate or its TLS is not accepted: {Innermost(failure).Message}"),
        _ => new CallError(ErrorCode.Unavailable, $"the server does not answer: {Innermost(failure).Message}"),
    };

    private static Exception Innermost(Exception failure)
    {
        while (failure.InnerException is { } inner) failure = inner;
        return failure;
    }

    /// <summary>How many requests of a plugin are open.</summary>
    private sealed class OpenRequests
    {
        private int _open;

        public bool TryEnter(int limit)
        {
            if (Interlocked.Increment(ref _open) <= limit) return true;
            Leave();
            return false;
        }

        public void Leave() => Interlocked.Decrement(ref _open);
    }
}
