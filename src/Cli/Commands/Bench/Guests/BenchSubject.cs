using System.Text;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Sandbox.Guests;

namespace LazyOC.Cli.Commands.Bench.Guests;

/// <summary>A guest's code and the message that is sent to it, the same here and in the peers.</summary>
internal sealed record BenchSubject
{
    private static readonly string[] JavaScriptPeers = ["isolated-vm", "quickjs-emscripten"];

    public required string Name { get; init; }

    /// <summary>File name of the code, which says what kind of guest it is.</summary>
    public required string Main { get; init; }

    public required ReadOnlyMemory<byte> Code { get; init; }

    /// <summary>Type of the message.</summary>
    public required string Type { get; init; }

    /// <summary>Its payload, JSON.</summary>
    public required string Payload { get; init; }

    public required string[] Peers { get; init; }

    public GuestKind Kind => GuestFactory.KindOf(Main);

    public Envelope Envelope => new() { Id = "1", Type = Type, Session = "bench", DeadlineMs = 5_000, Payload = Encoding.UTF8.GetBytes(Payload) };

    /// <summary>The envelope as the peers see it.</summary>
    public string WholeMessage => $$"""{"v":1,"id":"1","type":"{{Type}}","session":"bench","deadlineMs":5000,"payload":{{Payload.Trim()}}}""";

    /// <summary>As little as a message can be: what remains is the way there and back.</summary>
    public static BenchSubject Small { get; } = new()
    {
        Name = "JavaScript: a number there and back",
        Main = "plugin.js",
        Code = Encoding.UTF8.GetBytes("""lazyoc.on("service", ({ input }) => ({ output: input + 1 }));"""),
        Type = MessageType.Service,
        Payload = """{"input":41}""",
        Peers = JavaScriptPeers,
    };

    /// <summary>The demo's plugin in TypeScript computes its column.</summary>
    public static BenchSubject Compute(int rows) => new()
    {
        Name = $"JavaScript: `compute`, {rows} row{(rows == 1 ? "" : "s")}",
        Main = "plugin.js",
        Code = MainOf("pod-health"),
        Type = MessageType.Compute,
        Payload = ComputePayload(rows),
        Peers = JavaScriptPeers,
    };

    /// <summary>The demo's plugin in AssemblyScript takes an event and makes a host call through the broker.</summary>
    public static BenchSubject Event => new()
    {
        Name = "WebAssembly: `event` with one host call",
        Main = "plugin.wasm",
        Code = MainOf("cluster-pulse"),
        Type = MessageType.Event,
        Payload = """
            {"topic":"resource.pods","publisher":"lazyoc","sequence":1,"time":"1970-01-01T00:00:00Z","data":{"change":"modified","object":{"group":"","kind":"Pod","namespace":"bookstore","name":"catalog","uid":"uid-1","phase":"Running"}}}
            """,
        Peers = ["extism"],
    };

    /// <summary>The package of a demo plugin.</summary>
    public static PluginPackage PackageOf(string plugin)
    {
        var file = Path.Combine(AppContext.BaseDirectory, "demo-plugins", plugin + ".lzp");
        return PluginPackage.Open(File.ReadAllBytes(file)).OrThrow(ExitCode.Failed, file);
    }

    /// <summary>Rows for the column of the demo's plugin in TypeScript.</summary>
    public static ComputeRow Row(int number) => new()
    {
        Object = new ObjectReference { Group = "", Kind = "Pod", Namespace = "bookstore", Name = $"catalog-6c7f9d8b5-x{number}", Uid = $"uid-{number}" },
        Values = ["Running", "true true", $"{number} 0"],
    };

    private static ReadOnlyMemory<byte> MainOf(string plugin)
    {
        var package = PackageOf(plugin);
        return package.Find(package.Manifest.Main)!.Value;
    }

    private static string ComputePayload(int rows) => JsonSerializer.Serialize(
        new ComputePayload { Column = "lazyoc.pod-health.score", Now = DateTimeOffset.UnixEpoch, Rows = [.. Enumerable.Range(0, rows).Select(Row)] },
        ContractJson.Default.ComputePayload);
}
