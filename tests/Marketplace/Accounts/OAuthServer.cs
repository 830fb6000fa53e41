using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using LazyOC.Marketplace.Accounts.OAuth;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace LazyOC.Marketplace.Tests.Accounts;

/// <summary>
/// An authorization server on a port of this machine that keeps to RFC 6749 and 7636: codes are good once, for the address they
/// were asked for and with the verifier. Whoever comes is signed in there as <see cref="User"/>.
/// </summary>
internal sealed class OAuthServer : IAsyncDisposable
{
    public const string Client = "market";
    public const string Secret = "client secret";

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, Grant> _codes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, JsonNode> _tokens = new(StringComparer.Ordinal);

    private OAuthServer(WebApplication app) => _app = app;

    /// <summary>Who is signed in there, as the provider says it; null refuses.</summary>
    public JsonNode? User { get; set; } = JsonNode.Parse("""{"sub":"u-1","preferred_username":"Alice.A"}""");

    /// <summary>What is answered in the place of who somebody is.</summary>
    public Func<HttpContext, Task>? Instead { get; set; }

    public Uri Url => new(_app.Urls.First());

    public static async Task<OAuthServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        MarketFixture.Quiet(builder);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new OAuthServer(builder.Build());
        server._app.MapGet("/authorize", (Delegate)server.Authorize);
        server._app.MapPost("/token", (Delegate)server.TokenAsync);
        server._app.MapGet("/user", server.UserAsync);
        await server._app.StartAsync();
        return server;
    }

    public OAuthProvider Provider(string name = "corp", bool? registers = null) => new()
    {
        Name = name,
        Title = "Corp",
        AuthorizeUrl = new Uri(Url, "/authorize"),
        TokenUrl = new Uri(Url, "/token"),
        UserUrl = new Uri(Url, "/user"),
        ClientId = Client,
        ClientSecret = Secret,
        Registers = registers,
    };

    private IResult Authorize(HttpContext context)
    {
        var query = context.Request.Query;
        if (query["response_type"] != "code" || query["client_id"] != Client || query["code_challenge_method"] != "S256" || query["scope"] != "openid profile") return Results.BadRequest();
        var back = query["redirect_uri"].ToString();
        var state = Uri.EscapeDataString(query["state"].ToString());
        if (User is not { } user) return Results.Redirect($"{back}?error=access_denied&state={state}");
        var code = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        _codes[code] = new Grant(query["code_challenge"].ToString(), back, user);
        return Results.Redirect($"{back}?code={code}&state={state}");
    }

    private async Task<IResult> TokenAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync();
        var isGood = _codes.TryRemove(form["code"].ToString(), out var grant)
            && form["grant_type"] == "authorization_code" && form["client_id"] == Client && form["client_secret"] == Secret
            && grant.Redirect == form["redirect_uri"]
            && grant.Challenge == Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
        if (!isGood) return Results.Json(new JsonObject { ["error"] = "invalid_grant" }, statusCode: 400);
        var token = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        _tokens[token] = grant!.User;
        return Results.Json(new JsonObject { ["access_token"] = token, ["token_type"] = "Bearer" });
    }

    private async Task UserAsync(HttpContext context)
    {
        if (Instead is { } instead) await instead(context);
        else if (AuthenticationHeaderValue.TryParse(context.Request.Headers.Authorization, out var sent) && _tokens.TryGetValue(sent.Parameter ?? "", out var user)) await context.Response.WriteAsJsonAsync(user);
        else context.Response.StatusCode = 401;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private sealed record Grant(string Challenge, string Redirect, JsonNode User);
}
