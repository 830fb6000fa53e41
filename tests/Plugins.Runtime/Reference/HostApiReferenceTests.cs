using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LazyOC.EndToEnd.Tests;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Events;
using LazyOC.Plugins.Sandbox;
using LazyOC.Plugins.Sandbox.Broker;
using LazyOC.Plugins.Sandbox.Guests;

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

    /// <summary>AssemblyScript compiles only what is used, so all of it is: each call is made with all that it takes, and arrives as what the table says.</summary>
    [Fact]
    public async Task CallsOfAssemblyScript_Made_AreWhatTheTableTakes()
    {
        var rows = await RowsAsync();
        var program = new AssemblyScript(rows, new XmlDocs());
        program.WriteCalls();
        var folder = Directory.CreateTempSubdirectory("lazyoc-calls-");
        try
        {
            File.WriteAllText(Path.Combine(folder.CreateSubdirectory("assembly").FullName, "index.ts"), program.WriteUses());
            Directory.CreateSymbolicLink(Path.Combine(folder.FullName, "node_modules"), Path.Combine(Root, "node_modules"));
            await GuestBuild.AssemblyScriptAsync(Root, folder.FullName, folder.FullName);

            var made = new List<string>();
            var options = new GuestOptions
            {
                Name = "calls",
                Code = await File.ReadAllBytesAsync(Path.Combine(folder.FullName, "plugin.wasm")),
                Limits = new GuestLimits(),
                Call = (call, _) =>
                {
                    made.Add(call.Name);
                    Assert.NotNull(JsonSerializer.Deserialize(call.Arguments.Span, rows.Single(row => row.Name == call.Name).RequestType));
                    return ValueTask.FromResult(Answer.Success("{}"u8.ToArray()));
                },
                Log = static (_, _) => { },
                Time = TimeProvider.System,
            };
            await using var guest = Assert.IsType<GuestStart.Running>(await GuestFactory.StartAsync(GuestKind.WebAssembly, options, CancellationToken.None)).Guest;
            var reply = await guest.SendAsync(new Envelope { Id = "1", Type = MessageType.Activate, Session = "test", DeadlineMs = 60_000, Payload = "{}"u8.ToArray() }, CancellationToken.None);

            Assert.True(reply is GuestReply.Answered, reply.ToString());
            Assert.Equal(rows.Select(row => row.Name), made);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<IReadOnlyList<HostCallRow>> RowsAsync()
    {
        await using var fixture = await (await HostFixture.CreateAsync("empty")).StartAsync();
        return [.. fixture.Host.Calls.OrderBy(row => row.Name, StringComparer.Ordinal)];
    }

    private static string Root
    {
        get
        {
            var root = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(root.FullName, "LazyOC.slnx"))) root = root.Parent!;
            return root.FullName;
        }
    }

    private static void AssertCommitted(string file, string text)
    {
        var path = Path.Combine(Root, file);
        if (Environment.GetEnvironmentVariable("LAZYOC_UPDATE_GOLDENS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }
        Assert.True(File.Exists(path), $"{path} is missing: run the tests with LAZYOC_UPDATE_GOLDENS=1");
        Assert.Equal(text, File.ReadAllText(path), ignoreLineEndingDifferences: true);
    }
}
