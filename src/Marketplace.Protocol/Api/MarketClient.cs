using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LazyOC.Marketplace.Protocol.Client;

namespace LazyOC.Marketplace.Protocol.Api;

/// <summary>The API of a marketplace, typed.</summary>
/// <remarks>
/// Thread safe. Nothing is thrown for what the server does: refusals and failures are an <see cref="ApiProblem"/>. Redirects
/// are not followed, so the token goes to the marketplace only. Everything it answers is a claim of the server; packages are
/// verified by <see cref="RegistryClient"/>.
/// </remarks>
public sealed partial class MarketClient : IDisposable
{
    /// <summary>Kind of the problem of a server that cannot be reached.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>Kind of the problem of an answer that is not one of a marketplace.</summary>
    public const string Unreadable = "unreadable";

    private readonly Uri _api;
    private readonly string? _token;
    private readonly ProductInfoHeaderValue _userAgent;
    private readonly MarketClientLimits _limits;
    private readonly HttpClient _http;

    /// <param name="api">The API's root, such as <c>https://plugins.example/v1/api</c>.</param>
    /// <param name="token">Sent as a bearer token; null for none.</param>
    /// <param name="userAgent">Name and version of the program that asks.</param>
    /// <param name="limits"><see cref="MarketClientLimits.Default"/> when null.</param>
    /// <exception cref="ArgumentException">The address is neither TLS nor on this machine.</exception>
    public MarketClient(Uri api, string? token, ProductInfoHeaderValue userAgent, MarketClientLimits? limits = null)
    {
        if (!HttpRegistryFiles.IsAllowed(api)) throw new ArgumentException($"{api} is not protected by TLS", nameof(api));
        _api = api.AbsoluteUri.EndsWith('/') ? api : new Uri(api.AbsoluteUri + "/");
        (_token, _userAgent, _limits) = (token, userAgent, limits ?? MarketClientLimits.Default);
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = _limits.ConnectTimeout })
        {
            MaxResponseContentBufferSize = _limits.MaxAnswerBytes,
            // Each request has its own.
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public void Dispose() => _http.Dispose();

    private Task<ApiResult<TAnswer>> GetAsync<TAnswer>(string path, JsonTypeInfo<TAnswer> answer, CancellationToken cancellationToken)
        where TAnswer : class => SendAsync(HttpMethod.Get, path, null, answer, _limits.AnswerTimeout, cancellationToken);

    private Task<ApiResult<TAnswer>> SendAsync<TBody, TAnswer>(HttpMethod method, string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer>? answer, CancellationToken cancellationToken)
        where TAnswer : class
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, bodyType));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return SendAsync(method, path, content, answer, _limits.AnswerTimeout, cancellationToken);
    }

    private Task<ApiResult<Done>> SendAsync(HttpMethod method, string path, CancellationToken cancellationToken) =>
        SendAsync<Done>(method, path, null, null, _limits.AnswerTimeout, cancellationToken);

    private async Task<ApiResult<TAnswer>> SendAsync<TAnswer>(HttpMethod method, string path, HttpContent? content, JsonTypeInfo<TAnswer>? answer, TimeSpan timeout, CancellationToken cancellationToken)
        where TAnswer : class
    {
        using var request = new HttpRequestMessage(method, new Uri(_api, path)) { Content = content };
        request.Headers.UserAgent.Add(_userAgent);
        if (_token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(timeout);
        try
        {
            using var response = await _http.SendAsync(request, late.Token);
            var body = await response.Content.ReadAsByteArrayAsync(late.Token);
            return response.IsSuccessStatusCode ? Read(body, answer) : new ApiResult<TAnswer>(null, ProblemOf(response, body));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed<TAnswer>(Unreachable, $"{_api.GetLeftPart(UriPartial.Authority)} does not answer", "check your connection, or try again later");
        }
        catch (HttpRequestException error)
        {
            return error.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded
                ? Failed<TAnswer>(Unreadable, $"the answer of {_api.GetLeftPart(UriPartial.Authority)} is longer than {_limits.MaxAnswerBytes:N0} bytes", "tell who keeps the marketplace")
                : Failed<TAnswer>(Unreachable, $"{_api.GetLeftPart(UriPartial.Authority)} cannot be reached: {error.Message.TrimEnd('.')}", "check the address and your connection");
        }
    }

    private ApiResult<TAnswer> Read<TAnswer>(byte[] body, JsonTypeInfo<TAnswer>? type)
        where TAnswer : class
    {
        if (type is null) return new ApiResult<TAnswer>(Done.Instance as TAnswer, null);
        try
        {
            if (JsonSerializer.Deserialize(body, type) is { } value) return new ApiResult<TAnswer>(value, null);
        }
        catch (JsonException)
        {
            // Not what a marketplace answers; told below like an empty answer.
        }
        return Failed<TAnswer>(Unreadable, $"{_api.GetLeftPart(UriPartial.Authority)} sent something else than a marketplace's answer", "check the address; a newer LazyOC may read it");
    }

    private ApiProblem ProblemOf(HttpResponseMessage response, byte[] body)
    {
        if (response.Content.Headers.ContentType?.MediaType == ApiProblem.MediaType)
        {
            try
            {
                if (JsonSerializer.Deserialize(body, ApiJson.Default.ApiProblem) is { } problem) return problem;
            }
            catch (JsonException)
            {
                // It says problem and is none: told below by its status.
            }
        }
        var status = (int)response.StatusCode;
        return ProblemOf(Unreadable, $"{_api.GetLeftPart(UriPartial.Authority)} answered {status}", response.StatusCode >= HttpStatusCode.InternalServerError ? "try again later" : "check the address", status);
    }

    private static ApiResult<T> Failed<T>(string kind, string detail, string hint)
        where T : class => new(null, ProblemOf(kind, detail, hint, 0));

    private static ApiProblem ProblemOf(string kind, string detail, string hint, int status) =>
        new() { Type = ApiProblem.TypePrefix + kind, Title = "the marketplace cannot be asked", Status = status, Detail = detail, Hint = hint };
}
