using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using LazyOC.Marketplace.Outgoing;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Plugins.Sandbox.Network;

namespace LazyOC.Marketplace.Webhooks;

/// <summary>
/// Sends deliveries. Where they go, somebody else has said: so the very address that is connected to is looked at, for each
/// delivery anew, and has to be public; no redirect is followed, no proxy of this machine's is used, and of the answer nothing but
/// its status is read. Thread safe.
/// </summary>
internal sealed class WebhookSender : IDisposable
{
    private const int MaxAnswerHeadKiB = 16;

    private readonly HttpClient _http;
    private readonly WebhookSecrets _secrets;
    private readonly TimeProvider _time;
    private readonly MarketLimits _limits;

    public WebhookSender(WebhookSecrets secrets, MarketOptions options, TimeProvider time, MarketLimits limits)
    {
        (_secrets, _time, _limits) = (secrets, time, limits);
        // None of its connections is used twice: what was public may lead elsewhere the next time.
        var handler = RulesOf(options).CreateHandler(limits.WebhookTime);
        handler.MaxResponseHeadersLength = MaxAnswerHeadKiB;
        _http = new HttpClient(handler) { Timeout = limits.WebhookTime };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("lazyoc-market", "1"));
    }

    /// <summary>Which addresses deliveries go to: public ones; where the server is set up so, those of networks and this machine too, and never link-local ones.</summary>
    public static OutgoingRules RulesOf(MarketOptions options) => new() { Resolve = options.ResolveWebhook, AllowsPrivate = options.AllowsPrivateWebhooks };

    public async Task<WebhookOutcome> SendAsync(WebhookAttempt attempt, CancellationToken cancellationToken)
    {
        var body = Encoding.UTF8.GetBytes(attempt.Payload);
        using var request = new HttpRequestMessage(HttpMethod.Post, attempt.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add(WebhookSignature.Header, WebhookSignature.Create(_secrets.Of(attempt.WebhookId, attempt.Salt), _time.GetUtcNow(), body));
        request.Headers.Add(WebhookSignature.EventHeader, attempt.Event);
        request.Headers.Add(WebhookSignature.DeliveryHeader, attempt.Id);
        request.Headers.ConnectionClose = true;
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var status = (int)response.StatusCode;
            return new WebhookOutcome(status, status switch
            {
                >= 200 and < 300 => null,
                >= 300 and < 400 => string.Create(CultureInfo.InvariantCulture, $"it answered with a redirect ({status}), which is not followed"),
                _ => string.Create(CultureInfo.InvariantCulture, $"it answered {status}"),
            });
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new WebhookOutcome(null, string.Create(CultureInfo.InvariantCulture, $"it did not answer within {_limits.WebhookTime.TotalSeconds:0.#} seconds"));
        }
        catch (HttpRequestException error)
        {
            return new WebhookOutcome(null, ReasonOf(error));
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>What is told to the owner; not what a port of somebody's network said.</summary>
    private static string ReasonOf(HttpRequestException error)
    {
        for (Exception? cause = error; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case NetworkRefusalException:
                    return "its name leads to an address that is not public";
                case AuthenticationException:
                    return "TLS could not be agreed on; its certificate may not be trusted";
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain }:
                    return "its name has no address";
                case SocketException:
                    return "it cannot be connected to";
            }
        }
        return "its answer cannot be read";
    }
}
