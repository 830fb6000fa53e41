using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LazyOC.Marketplace.Protocol.Api;

namespace LazyOC.Marketplace.Tests.Api;

/// <summary>The OpenAPI document that is checked in is the one that is served, and the typed client is of it.</summary>
public sealed class ApiDocumentTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, TypeInfoResolver = new DefaultJsonTypeInfoResolver(), NewLine = "\n" };

    private static string Golden => Path.Combine(RepositoryRoot, "docs", "marketplace-api.json");

    private static string RepositoryRoot
    {
        get
        {
            var directory = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(directory!.FullName, "LazyOC.slnx"))) directory = directory.Parent;
            return directory.FullName;
        }
    }

    [Fact]
    public async Task Document_IsTheOneInTheDocs()
    {
        var served = await ServedAsync();
        if (Environment.GetEnvironmentVariable("LAZYOC_UPDATE_GOLDENS") is "1") await File.WriteAllTextAsync(Golden, served);
        Assert.Equal(File.Exists(Golden) ? await File.ReadAllTextAsync(Golden) : "", served);
    }

    [Fact]
    public async Task Records_OfTheTypedClient_HaveTheMembersOfTheDocument()
    {
        using var document = JsonDocument.Parse(await ServedAsync());
        var schemas = document.RootElement.GetProperty("components").GetProperty("schemas").EnumerateObject().ToDictionary(schema => schema.Name, schema => schema.Value, StringComparer.Ordinal);
        Type[] records = [typeof(ApiProblem), typeof(Credentials), typeof(Session), typeof(AccountInfo), typeof(NewToken), typeof(CreatedToken), typeof(PublisherInfo), typeof(Submission), typeof(PluginInfo), typeof(SearchResults), typeof(Review), typeof(ReviewList), typeof(ModerationQueue), typeof(AuditLog), typeof(PluginStats), typeof(PublisherStats), typeof(DownloadRows), typeof(SearchMissList), typeof(CreatedWebhook), typeof(WebhookDelivery)];

        Assert.All(records, record =>
        {
            var members = ApiJson.Default.GetTypeInfo(record)!.Properties.Where(property => property.Get is not null).Select(property => property.Name).Order(StringComparer.Ordinal);
            Assert.Equal(members, schemas[record.Name].GetProperty("properties").EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal));
        });
    }

    /// <summary>Every method of the client asks an address and method that the document has.</summary>
    [Fact]
    public async Task Requests_OfTheTypedClient_AreInTheDocument()
    {
        using var document = JsonDocument.Parse(await ServedAsync());
        var known = document.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Where(method => method.Name is "get" or "put" or "post" or "delete").Select(method => $"{method.Name.ToUpperInvariant()} {path.Name}"))
            .ToArray();
        await using var recorder = await RequestRecorder.StartAsync();
        using var client = new MarketClient(recorder.Url, "token", MarketFixture.UserAgent);

        foreach (var method in typeof(MarketClient).GetMethods().Where(method => method.ReturnType.IsGenericType && typeof(Task).IsAssignableFrom(method.ReturnType)))
        {
            recorder.Requests.Clear();
            await (Task)method.Invoke(client, [.. method.GetParameters().Select(parameter => RequestRecorder.Sample(parameter.ParameterType))])!;
            var request = Assert.Single(recorder.Requests);
            Assert.True(known.Any(template => RequestRecorder.Fits(template, request)), $"{method.Name} asks {request}, which the document does not have");
        }
        Assert.True(known.Length >= 35, $"the document has {known.Length} operations");
    }

    private static async Task<string> ServedAsync()
    {
        await using var market = await MarketFixture.StartAsync();
        using var document = JsonDocument.Parse(await market.Http.GetStringAsync(new Uri(market.Url, "v1/api/openapi.json")));
        return JsonSerializer.Serialize(document.RootElement, Indented) + "\n";
    }
}
