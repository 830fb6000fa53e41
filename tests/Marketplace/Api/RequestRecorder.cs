using System.Collections.Concurrent;
using System.Collections.Immutable;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Versions;
using LazyOC.Plugins.Packages.Signing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace LazyOC.Marketplace.Tests.Api;

/// <summary>A server that answers everything with 404 and remembers what it was asked.</summary>
internal sealed class RequestRecorder : IAsyncDisposable
{
    private static readonly SigningKey Key = SigningKey.Create();

    private readonly WebApplication _app;

    private RequestRecorder(WebApplication app) => _app = app;

    public ConcurrentQueue<string> Requests { get; } = new();

    public Uri Url => new(_app.Urls.First() + "/v1/api/");

    public static async Task<RequestRecorder> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        MarketFixture.Quiet(builder);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var recorder = new RequestRecorder(builder.Build());
        recorder._app.Run(async context =>
        {
            recorder.Requests.Enqueue($"{context.Request.Method} {context.Request.Path}");
            await context.Request.Body.CopyToAsync(Stream.Null);
            context.Response.StatusCode = 404;
        });
        await recorder._app.StartAsync();
        return recorder;
    }

    /// <summary>A value of a parameter's type.</summary>
    public static object? Sample(Type type)
    {
        if (type == typeof(string)) return "abc";
        if (type == typeof(int?)) return 7;
        if (type == typeof(NewWebhook)) return new NewWebhook { Url = "https://hooks.example.com" };
        if (type == typeof(DeliveryState?)) return DeliveryState.Dead;
        if (type == typeof(PluginId)) return SamplePlugin.Id;
        if (type == typeof(SemanticVersion)) return SemanticVersion.Parse("1.0.0");
        if (type == typeof(ReadOnlyMemory<byte>)) return new ReadOnlyMemory<byte>([1]);
        if (type == typeof(KeyId)) return Key.PublicKey.Id;
        if (type == typeof(CancellationToken)) return CancellationToken.None;
        if (type == typeof(Credentials)) return new Credentials { Name = "alice", Password = "secret" };
        if (type == typeof(SecondFactorCode)) return new SecondFactorCode { Code = "123456" };
        if (type == typeof(NewInvitation)) return new NewInvitation { Account = "bob", Role = PublisherRole.Owner };
        if (type == typeof(NewDomain)) return new NewDomain { Domain = "acme.example" };
        if (type == typeof(ApprovalRule)) return new ApprovalRule { IsNeeded = true };
        if (type == typeof(NewAppeal)) return new NewAppeal { Text = "because" };
        if (type == typeof(NewRescan)) return new NewRescan();
        if (type == typeof(NewToken)) return new NewToken { Name = "ci", Scopes = [TokenScope.Read] };
        if (type == typeof(NewPublisher)) return new NewPublisher { Name = "acme" };
        if (type == typeof(MemberRole)) return new MemberRole { Role = PublisherRole.Owner };
        if (type == typeof(NewAuthorKey)) return new NewAuthorKey { Key = Key.PublicKey };
        if (type == typeof(NewRotation)) return new NewRotation { Old = Key.PublicKey, Envelope = DsseEnvelope.Sign("x", [1], Key) };
        if (type == typeof(SiteRole)) return SiteRole.Moderator;
        if (type == typeof(Reason)) return new Reason { Text = "because" };
        if (type == typeof(NewDeprecation)) return new NewDeprecation { Reason = "because" };
        if (type == typeof(SearchQuery)) return new SearchQuery { Text = "pods" };
        if (type == typeof(NewReview)) return new NewReview { Stars = 5 };
        if (type == typeof(NewReply)) return new NewReply { Text = "thanks" };
        if (type == typeof(NewVerdict)) return new NewVerdict { Decision = HumanDecision.Pass, Reason = "because" };
        if (type == typeof(NewVisibility)) return new NewVisibility { Teams = ["platform"] };
        throw new InvalidOperationException($"there is no sample of {type}");
    }

    /// <summary>Whether a request is one of <c>METHOD /path/{parameter}</c>.</summary>
    public static bool Fits(string template, string request)
    {
        var (expected, actual) = (template.Split('/').ToImmutableArray(), request.Split('/').ToImmutableArray());
        return expected.Length == actual.Length && expected.Zip(actual).All(pair => pair.First == pair.Second || pair.First.StartsWith('{'));
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
