using System.Net;
using System.Text.RegularExpressions;

namespace LazyOC.Marketplace.Tests.Web;

/// <summary>Somebody with a browser: it keeps cookies, and sends the forms that pages have.</summary>
internal sealed partial class Browser : IDisposable
{
    private readonly HttpClient _http;

    public Browser(MarketFixture market)
    {
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = Cookies, UseCookies = true }) { BaseAddress = market.Url };
        Url = market.Url;
    }

    /// <summary>Somebody who has not signed in.</summary>
    public static Browser Of(MarketFixture market) => new(market);

    public Uri Url { get; }

    public CookieContainer Cookies { get; } = new();

    public string? Session => Cookies.GetCookies(Url)["lazyoc-session"]?.Value;

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content = null) => _http.SendAsync(new HttpRequestMessage(method, path) { Content = content });

    /// <summary>A page, whose status is expected.</summary>
    public async Task<string> PageAsync(string path, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var response = await SendAsync(HttpMethod.Get, path);
        var html = await response.Content.ReadAsStringAsync();
        Assert.True(expected == response.StatusCode, $"{path}: {response.StatusCode}\n{html}");
        return html;
    }

    /// <summary>Fills in a form of a page, and sends it.</summary>
    /// <param name="page">Where the form is.</param>
    /// <param name="action">Where it is sent.</param>
    /// <param name="fields">What is typed.</param>
    public async Task<HttpResponseMessage> SubmitAsync(string page, string action, params (string Name, string Value)[] fields) =>
        await PostAsync(action, [("form-token", TokenOf(await PageAsync(page), action)), .. fields]);

    /// <summary>Sends a form, and expects that it is taken and leads to a page, which is loaded.</summary>
    public async Task<string> DoAsync(string page, string action, params (string Name, string Value)[] fields)
    {
        using var response = await SubmitAsync(page, action, fields);
        Assert.True(response.StatusCode == HttpStatusCode.SeeOther, $"{response.StatusCode}\n{await response.Content.ReadAsStringAsync()}");
        return await PageAsync(response.Headers.Location!.ToString());
    }

    public Task<HttpResponseMessage> PostAsync(string action, params (string Name, string Value)[] fields) =>
        SendAsync(HttpMethod.Post, action, new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))));

    public async Task<Browser> RegisterAsync(string name)
    {
        await DoAsync("/register", "/register", ("name", name), ("password", MarketFixture.Password));
        return this;
    }

    public async Task<Browser> SignInAsync(string name)
    {
        await DoAsync("/sign-in", "/sign-in", ("name", name), ("password", MarketFixture.Password));
        return this;
    }

    /// <summary>The hidden token of the form that a page has for an address.</summary>
    public static string TokenOf(string html, string action)
    {
        var form = Forms().Matches(html).FirstOrDefault(match => WebUtility.HtmlDecode(match.Groups["action"].Value).Split('?')[0] == action);
        Assert.True(form is not null, $"no form for {action} in\n{html}");
        return Token().Match(form.Value).Groups["token"].Value;
    }

    public void Dispose() => _http.Dispose();

    [GeneratedRegex("<form[^>]*method=\"post\"[^>]*action=\"(?<action>[^\"]*)\".*?</form>", RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex Forms();

    [GeneratedRegex("form-token(?:\" value=\"|=)(?<token>[0-9a-f]{64})", RegexOptions.NonBacktracking)]
    private static partial Regex Token();
}
