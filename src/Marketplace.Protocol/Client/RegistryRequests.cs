using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Protocol.Client;

/// <summary>Requests to a registry: where they may go, what they carry, and how long an answer is waited for.</summary>
/// <remarks>
/// Thread safe. Redirects are bounded in number and never lead out of TLS; only a registry on this machine may be asked without
/// it. The token goes to the registry's own origin only.
/// </remarks>
internal sealed class RegistryRequests : IDisposable
{
    private const string KeeperHint = "tell who keeps the registry";

    private readonly Uri _root;
    private readonly string? _token;
    private readonly RegistryClientLimits _limits;
    private readonly TimeProvider _time;
    private readonly ProductInfoHeaderValue _userAgent;
    private readonly HttpMessageInvoker _http;

    public RegistryRequests(Uri root, string? token, RegistryClientLimits limits, TimeProvider time, ProductInfoHeaderValue userAgent, Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>>? connect)
    {
        (_root, _token, _limits, _time, _userAgent) = (root, token, limits, time, userAgent);
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectCallback = connect,
            // A proxy would connect to where this may not.
            UseProxy = connect is null,
            ConnectTimeout = limits.ConnectTimeout,
            // Bytes are counted as they come; what they unpack to would not be.
            AutomaticDecompression = DecompressionMethods.None,
        });
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Who answers at an address: the registry, or another server that it sends its users to.</summary>
    public string NameOf(Uri? address) => address is null || IsSameOrigin(address, _root) ? _root.AbsoluteUri : address.GetLeftPart(UriPartial.Authority);

    /// <summary>Asks, and follows redirects.</summary>
    /// <param name="address">Of a file.</param>
    /// <param name="prepare">Given each request before it is sent.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<RegistryAnswer> AskAsync(Uri address, Action<HttpRequestMessage> prepare, CancellationToken cancellationToken)
    {
        var where = address.AbsoluteUri;
        if (!MayLead(_root, address)) return RegistryAnswer.Refused(new Problem(where, "is not protected by TLS", KeeperHint));
        for (var redirects = 0; ; redirects++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.UserAgent.Add(_userAgent);
            if (_token is not null && IsSameOrigin(address, _root)) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
            prepare(request);
            var answer = await SendAsync(request, cancellationToken);
            if (answer.Response is not { StatusCode: HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect } redirect) return answer;
            using (redirect)
            {
                if (redirect.Headers.Location is not { } location) return RegistryAnswer.Refused(new Problem(where, "is redirected without saying where to", KeeperHint));
                if (redirects == _limits.MaxRedirects) return RegistryAnswer.Refused(new Problem(where, $"is redirected more than {_limits.MaxRedirects} times", KeeperHint));
                address = new Uri(address, location);
                if (!MayLead(_root, address)) return RegistryAnswer.Refused(new Problem(where, $"is redirected to {address.GetLeftPart(UriPartial.Authority)}, which is not protected by TLS", KeeperHint));
            }
        }
    }

    private async Task<RegistryAnswer> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(_limits.AnswerTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        var who = NameOf(request.RequestUri);
        try
        {
            return RegistryAnswer.Of(await _http.SendAsync(request, either.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The time for the answer is over, or that for the connection, of which the handler says the same.
            return RegistryAnswer.Unreachable(new Problem("", $"{who} does not answer", "check your connection, or try again later"));
        }
        catch (HttpRequestException error)
        {
            var reason = (error.HttpRequestError == HttpRequestError.SecureConnectionError ? error.InnerException ?? error : error).Message.TrimEnd('.');
            return error.HttpRequestError switch
            {
                HttpRequestError.SecureConnectionError when error.InnerException is AuthenticationException =>
                    RegistryAnswer.Refused(new Problem("", $"{who} cannot be trusted: {reason}", "its certificate has to be valid for its name, and issued by someone this machine trusts")),
                HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded =>
                    RegistryAnswer.Refused(new Problem("", $"{who} does not answer as a web server does", "check the address")),
                HttpRequestError.ResponseEnded or HttpRequestError.Unknown =>
                    RegistryAnswer.Unreachable(new Problem("", $"{who} broke the connection off in place of an answer", "try again later")),
                _ => RegistryAnswer.Unreachable(new Problem("", $"{who} cannot be reached: {reason}", "check the address and your connection")),
            };
        }
    }

    /// <summary>Whether a registry may send its users to an address.</summary>
    /// <remarks>One with TLS may not to a server without it, not even on this machine: what listens here is not the registry's business.</remarks>
    internal static bool MayLead(Uri root, Uri address) => address.Scheme == Uri.UriSchemeHttps || (root.Scheme == Uri.UriSchemeHttp && HttpRegistryFiles.IsAllowed(address));

    private static bool IsSameOrigin(Uri a, Uri b) => a.Scheme == b.Scheme && a.Host == b.Host && a.Port == b.Port;
}

/// <summary>What a request came to: a response, or why there is none.</summary>
/// <param name="Response">The head; its body is still to come.</param>
/// <param name="Why">Set when there is no response.</param>
/// <param name="IsUnreachable">There is no answer at all, which may pass.</param>
internal sealed record RegistryAnswer(HttpResponseMessage? Response, Problem? Why, bool IsUnreachable) : IDisposable
{
    public static RegistryAnswer Of(HttpResponseMessage response) => new(response, null, IsUnreachable: false);

    public static RegistryAnswer Refused(Problem why) => new(null, why, IsUnreachable: false);

    public static RegistryAnswer Unreachable(Problem why) => new(null, why with { MayPass = true }, IsUnreachable: true);

    public void Dispose() => Response?.Dispose();
}
