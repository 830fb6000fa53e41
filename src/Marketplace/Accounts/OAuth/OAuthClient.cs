using System.Net.Http.Headers;
using System.Text.Json;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Protocol.Api;

namespace LazyOC.Marketplace.Accounts.OAuth;

/// <summary>Asks providers who somebody is. Redirects are not followed, and what they answer is bounded. Thread safe.</summary>
internal sealed partial class OAuthClient : IDisposable
{
    private const int MaxDepth = 16;

    /// <summary>Of what is kept of an identity.</summary>
    private const int MaxFieldChars = 200;

    private readonly HttpClient _http;
    private readonly ILogger<OAuthClient> _log;

    public OAuthClient(MarketLimits limits, ILogger<OAuthClient> log)
    {
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = limits.OAuthAnswerTime }) { Timeout = limits.OAuthAnswerTime, MaxResponseContentBufferSize = limits.MaxOAuthAnswerBytes };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("lazyoc-market", null));
        _http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        _log = log;
    }

    /// <summary>Whose an authorization code is.</summary>
    public async Task<Answer<Identity>> IdentifyAsync(OAuthProvider provider, string code, string verifier, string redirect, CancellationToken cancellationToken)
    {
        try
        {
            using var asked = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["grant_type"] = "authorization_code",
                ["code"] = code,
                ["redirect_uri"] = redirect,
                ["code_verifier"] = verifier,
                ["client_id"] = provider.ClientId,
                ["client_secret"] = provider.ClientSecret,
            });
            using var tokenRequest = new HttpRequestMessage(HttpMethod.Post, provider.TokenUrl) { Content = asked };
            using var token = await SendAsync(provider, tokenRequest, cancellationToken);
            if (token is null || Field(token.RootElement, "access_token") is not { } access) return Refused(provider);
            using var userRequest = new HttpRequestMessage(HttpMethod.Get, provider.UserUrl);
            userRequest.Headers.Authorization = new AuthenticationHeaderValue("Bearer", access);
            using var user = await SendAsync(provider, userRequest, cancellationToken);
            if (user is null || Field(user.RootElement, provider.SubjectField) is not { Length: <= MaxFieldChars } subject) return Refused(provider);
            return new Identity(subject, Field(user.RootElement, provider.NameField) is { Length: <= MaxFieldChars } name && !name.Any(char.IsControl) ? name : subject);
        }
        catch (Exception error) when (error is HttpRequestException or JsonException or FormatException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            LogFailed(_log, provider.Name, error);
            return new Refusal(ProblemTypes.Unavailable, $"{provider.Title} does not answer as it should") { Hint = "try again later, or sign in with your password" };
        }
    }

    public void Dispose() => _http.Dispose();

    private static Refusal Refused(OAuthProvider provider) => new(ProblemTypes.Forbidden, $"{provider.Title} does not say who you are") { Hint = "begin again" };

    /// <summary>The JSON of an answer; null when it is a refusal.</summary>
    private async Task<JsonDocument?> SendAsync(OAuthProvider provider, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var response = await _http.SendAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode) return JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken), new JsonDocumentOptions { MaxDepth = MaxDepth });
        LogRefused(_log, provider.Name, (int)response.StatusCode);
        return null;
    }

    /// <summary>A text or a number, by its path; null when there is none.</summary>
    private static string? Field(JsonElement element, string path)
    {
        foreach (var name in path.Split('.'))
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element)) return null;
        }
        var text = element.ValueKind switch
        {
            JsonValueKind.String => element.GetString(),
            JsonValueKind.Number => element.GetRawText(),
            _ => null,
        };
        return text is { Length: > 0 } ? text : null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "the sign-in provider {Provider} cannot be asked")]
    private static partial void LogFailed(ILogger log, string provider, Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "the sign-in provider {Provider} answered {Status}")]
    private static partial void LogRefused(ILogger log, string provider, int status);
}

/// <summary>Who somebody is at a provider.</summary>
/// <param name="Subject">What the provider never gives to another.</param>
/// <param name="Name">What he is called there; it proves nothing.</param>
internal sealed record Identity(string Subject, string Name);
