using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Runtime.Events;
using LazyOC.Plugins.Sandbox;
using LazyOC.Plugins.Sandbox.Broker;

namespace LazyOC.Plugins.Runtime.Tests.Reference;

/// <summary>What authors read of the host calls is written from the table of host calls, and is never older than it.</summary>
public sealed class HostApiReferenceTests
{
    /// <summary>What the messages to plugins carry; a migration's entry is always in JavaScript.</summary>
    private static readonly JsonTypeInfo[] Payloads =
    [
        ContractJson.Default.ActivatePayload, ContractJson.Default.DeactivatePayload, ContractJson.Default.HydratePayload, ContractJson.Default.RenderPayload, ContractJson.Default.InputPayload,
        ContractJson.Default.ActionPayload, ContractJson.Default.CommandPayload, ContractJson.Default.ComputePayload, ContractJson.Default.EventPayload, ContractJson.Default.ServicePayload,
        ContractJson.Default.SettingsChangedPayload, ContractJson.Default.TimerPayload, ContractJson.Default.HookPayload, ContractJson.Default.LogLinesPayload, ContractJson.Default.WatchPayload, ContractJson.Default.HttpRequestPayload,
    ];

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task Reference_Committed_IsWhatTheTableSays()
    {
        var rows = await RowsAsync();
        var docs = new XmlDocs();
        var api = new HostApi(rows, docs);
        AssertCommitted("docs/reference/host-api.md", api.Page(new SandboxLimits()));
        AssertCommitted("schemas/host-api-v1.json", api.Schemas().ToJsonString(Indented) + "\n");
        AssertCommitted("sdk/typescript/src/host-calls.ts", new TypeScript(rows, docs).Write());
        var assemblyScript = new AssemblyScript(rows, docs);
        AssertCommitted("sdk/assemblyscript/assembly/host-calls.ts", assemblyScript.WriteCalls());
        AssertCommitted("sdk/assemblyscript/assembly/messages.ts", assemblyScript.WriteMessages(Payloads));
    }

    [Fact]
    public async Task Events_Committed_AreWhatTheTableOfTopicsSays()
    {
        var rows = await RowsAsync();
        var docs = new XmlDocs();
        AssertCommitted("docs/reference/events.md", new HostApi([], docs).EventsPage(HostTopics.All));
        AssertCommitted("sdk/typescript/src/host-events.ts", new TypeScript(rows, docs).WriteEvents(HostTopics.All));
        Assert.All(HostTopics.All, topic => Assert.NotNull(docs.Of(topic.Data().Type)));
    }

    [Fact]
    public async Task Rows_Each_HasANameOfTheDesignASentenceAndDocumentedFields()
    {
        var rows = await RowsAsync();
        var docs = new XmlDocs();
        Assert.Equal(rows.Select(row => row.Name).Distinct(), rows.Select(row => row.Name));
        Assert.All(rows, row =>
        {
            Assert.Matches("^[a-z]+\\.[a-z][A-Za-z]*$", row.Name);
            Assert.True(row.NeedsPermission == row.Permission is not null, $"{row.Name} {(row.NeedsPermission ? "does not say which permission it needs" : "needs no permission")}");
            Assert.EndsWith(".", row.Description, StringComparison.Ordinal);
            if (row.RequestType.Type != typeof(Contracts.Calls.Nothing)) Assert.NotNull(docs.Of(row.RequestType.Type));
        });
    }

    private static async Task<IReadOnlyList<HostCallRow>> RowsAsync()
    {
        await using var fixture = await (await HostFixture.CreateAsync("empty")).StartAsync();
        return [.. fixture.Host.Calls.OrderBy(row => row.Name, StringComparer.Ordinal)];
    }

    private static void AssertCommitted(string file, string text)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "LazyOC.slnx"))) root = root.Parent!;
        var path = Path.Combine(root.FullName, file);
        if (Environment.GetEnvironmentVariable("LAZYOC_UPDATE_GOLDENS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }
        Assert.True(File.Exists(path), $"{path} is missing: run the tests with LAZYOC_UPDATE_GOLDENS=1");
        Assert.Equal(text, File.ReadAllText(path), ignoreLineEndingDifferences: true);
    }
}
