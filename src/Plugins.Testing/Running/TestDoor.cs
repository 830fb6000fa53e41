using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Packages;

namespace LazyOC.Plugins.Testing.Running;

/// <summary>
/// What a test can call, in the place of the host: the calls <c>testing.…</c> of <c>sdk/typescript/src/testing.ts</c>. Answers are
/// <c>{"ok"}</c>, or <c>{"failure":{"code","message"}}</c> for what the plugin did not do.
/// </summary>
/// <param name="package">The plugin that is tested.</param>
/// <param name="goldens">What texts are compared with.</param>
/// <param name="limits">Bounds.</param>
internal sealed class TestDoor(PluginPackage package, GoldenFiles goldens, TestingLimits limits) : IAsyncDisposable
{
    private const string Prefix = "testing.";

    private readonly List<HarnessView> _views = [];
    private PluginHarness? _harness;

    /// <summary>Ids of contributions that the tests asked for anything.</summary>
    public HashSet<string> Driven { get; } = new(StringComparer.Ordinal);

    /// <summary>What the plugin logged since the last test.</summary>
    public ImmutableArray<string> Log => _harness?.LogLines ?? [];

    private PluginHarness Harness => _harness ?? throw new PluginFailedException(ErrorCode.Invalid, "the plugin is not started: begin the test with `await plugin.start()`");

    public async ValueTask<Answer> AnswerAsync(HostCall call, CancellationToken cancellationToken)
    {
        if (!call.Name.StartsWith(Prefix, StringComparison.Ordinal)) return Answer.Failure(ErrorCode.PermissionDenied, $"a test may not call `{call.Name}`; drive the plugin with `@lazyoc/plugin/testing`");
        JsonObject answer;
        try
        {
            var arguments = JsonNode.Parse(call.Arguments.Span) as JsonObject ?? throw new PluginFailedException(ErrorCode.Invalid, "the arguments are no object");
            answer = new JsonObject { ["ok"] = await DoAsync(call.Name[Prefix.Length..], arguments, cancellationToken) };
        }
        catch (Exception error) when (error is PluginFailedException or ArgumentException or InvalidOperationException or JsonException)
        {
            answer = new JsonObject { ["failure"] = new JsonObject { ["code"] = error is PluginFailedException failed ? failed.Code : ErrorCode.Invalid, ["message"] = error.Message } };
        }
        var json = Encoding.UTF8.GetBytes(answer.ToJsonString());
        return json.Length < Envelope.MaxBytes ? Answer.Success(json) : Answer.Failure(ErrorCode.TooLarge, $"the answer of `{call.Name}` has {ByteSize.Format(json.Length)}; ask for less");
    }

    /// <summary>Ends what the test has started.</summary>
    public async ValueTask ResetAsync()
    {
        if (_harness is { } harness)
        {
            Driven.UnionWith(harness.Driven);
            _harness = null;
            await harness.DisposeAsync();
        }
        _views.Clear();
    }

    public ValueTask DisposeAsync() => ResetAsync();

    private async Task<JsonNode?> DoAsync(string what, JsonObject arguments, CancellationToken cancellationToken)
    {
        switch (what)
        {
            case "start":
                await ResetAsync();
                _harness = await PluginHarness.StartAsync(package, TestArguments.Options(arguments, limits), cancellationToken);
                return null;
            case "swap":
                await Harness.SwapAsync(cancellationToken);
                return null;
            case "open":
                _views.Add(await OpenAsync(arguments, cancellationToken));
                return _views.Count - 1;
            case "content":
                return JsonSerializer.SerializeToNode(View(arguments).Content, ContractJson.Default.ViewNode);
            case "text":
                return View(arguments).Text;
            case "refresh":
                await View(arguments).RefreshAsync(cancellationToken);
                return null;
            case "input":
                await View(arguments).InputAsync(TestArguments.Input(arguments), cancellationToken);
                return null;
            case "column":
                return TestAnswers.Cells(await Harness.ComputeAsync(Id(arguments), TestArguments.Objects(arguments), cancellationToken));
            case "action":
                await Harness.RunActionAsync(Id(arguments), TestArguments.Objects(arguments), TestArguments.Element(arguments, "inputs"), cancellationToken);
                return null;
            case "command":
                await Harness.RunCommandAsync(Id(arguments), TestArguments.Element(arguments, "inputs"), cancellationToken);
                return null;
            case "hook":
                return TestAnswers.Verdict(await Harness.AskHooksAsync(TestArguments.Text(arguments, "verb"), TestArguments.Object(arguments), TestArguments.Element(arguments, "changed"), TestArguments.Number(arguments, "replicas"), cancellationToken));
            case "logLines":
                return TestAnswers.Lines(await Harness.TransformLogAsync(TestArguments.Object(arguments), TestArguments.Texts(arguments, "lines"), cancellationToken));
            case "status":
                return Harness.StatusOf(Id(arguments));
            case "calls":
                return TestAnswers.Calls(Harness.Calls, TestArguments.MaybeText(arguments, "name"));
            case "shown":
                return TestAnswers.Shown(Harness.Shown);
            case "golden":
                return goldens.Compare(TestArguments.Text(arguments, "name"), TestArguments.Text(arguments, "text")) is { } difference ? throw new PluginFailedException(ErrorCode.Conflict, difference) : null;
            default:
                return what.StartsWith("cluster.", StringComparison.Ordinal) ? await InClusterAsync(what["cluster.".Length..], arguments, cancellationToken) : throw Unknown(what);
        }
    }

    private async Task<JsonNode?> InClusterAsync(string what, JsonObject arguments, CancellationToken cancellationToken)
    {
        var cluster = Harness.Cluster;
        string ApiVersion() => TestArguments.Text(arguments, "apiVersion");
        string Kind() => TestArguments.Text(arguments, "kind");
        var ns = TestArguments.MaybeText(arguments, "namespace");
        switch (what)
        {
            case "apply":
                return cluster.Store.Apply(TestArguments.Node(arguments, "object").ToJsonString());
            case "get":
                return cluster.Store.Get(ApiVersion(), Kind(), ns, TestArguments.Text(arguments, "name"));
            case "list":
                return new JsonArray([.. cluster.Store.List(ApiVersion(), Kind(), ns)]);
            case "delete":
                return cluster.Store.Delete(ApiVersion(), Kind(), ns, TestArguments.Text(arguments, "name"));
            case "advance":
                await cluster.AdvanceAsync(TestArguments.Number(arguments, "steps") ?? 1, cancellationToken);
                return null;
            case "disconnect":
                cluster.Disconnect();
                return null;
            case "reconnect":
                cluster.Reconnect();
                return null;
            default:
                throw Unknown("cluster." + what);
        }
    }

    private Task<HarnessView> OpenAsync(JsonObject arguments, CancellationToken cancellationToken) => TestArguments.Text(arguments, "part") switch
    {
        "tab" => Harness.OpenTabAsync(Id(arguments), TestArguments.Object(arguments), cancellationToken),
        "section" => Harness.OpenSectionAsync(Id(arguments), TestArguments.Object(arguments), cancellationToken),
        "page" => Harness.OpenPageAsync(Id(arguments), cancellationToken),
        "card" => Harness.OpenCardAsync(Id(arguments), cancellationToken),
        "resourceView" => Harness.OpenResourceViewAsync(Id(arguments), arguments["object"] is null ? null : TestArguments.Object(arguments), cancellationToken),
        var part => throw Unknown(part),
    };

    private HarnessView View(JsonObject arguments) =>
        TestArguments.Number(arguments, "view") is { } index && index >= 0 && index < _views.Count ? _views[index] : throw new PluginFailedException(ErrorCode.NotFound, "the view is of another test");

    private static string Id(JsonObject arguments) => TestArguments.Text(arguments, "id");

    private static PluginFailedException Unknown(string what) => new(ErrorCode.NotFound, $"there is nothing like `{what}`: the SDK is another version than this program");
}
