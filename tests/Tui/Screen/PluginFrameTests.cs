using System.Text;
using System.Text.Json;
using LazyOC.Cluster;
using LazyOC.Cluster.Config;
using LazyOC.Cluster.Simulator;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime;
using LazyOC.Plugins.Sandbox.Audit;
using LazyOC.Plugins.Sandbox.Guests;
using LazyOC.Tui.Screen;

namespace LazyOC.Tui.Tests.Screen;

/// <summary>What plugins add to a frame, from real plugin hosts with guests written in C#.</summary>
public sealed class PluginFrameTests : IAsyncLifetime
{
    private const string Manifest = """
        {
          "manifestVersion": 1, "id": "acme.health", "version": "1.0.0", "displayName": "Health", "engines": { "lazyoc": "^1.0" }, "main": "main.js",
          "activation": ["onColumn:acme.health.score", "onTab:acme.health.tab", "onStartup"],
          "permissions": { "kubernetes": [{ "apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"] }] },
          "contributes": {
            "columns": [
              { "id": "acme.health.score", "resource": "Pod", "title": "SCORE", "compute": [".status.phase", ".status.nothing"] },
              { "id": "acme.health.phase", "resource": "Pod", "title": "PHASE", "path": ".status.phase" }
            ],
            "tabs": [{ "id": "acme.health.tab", "resource": "Pod", "title": "Vitals" }],
            "statusItems": [{ "id": "acme.health.item", "title": "Pulse" }]
          }
        }
        """;

    private readonly AuditMemory _auditFiles = new();
    private SimulatedCluster _cluster = null!;
    private ClusterClient _client = null!;

    public async Task InitializeAsync()
    {
        _cluster = await SimulatedCluster.StartAsync(new SimulatorOptions());
        _client = ClientOf(_cluster);
    }

    public async Task DisposeAsync()
    {
        await _client.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task RenderAsync_PluginAnswers_ItsColumnsTabAndStatusItemAreInTheFrame()
    {
        var text = await FrameAsync(Healthy);
        Assert.Matches("SCORE +PHASE +AGE", text);
        Assert.Matches(@"Running +0 +♥ Running/null +Running +\d", text);
        Assert.Contains("[Vitals]", text, StringComparison.Ordinal);
        Assert.Contains("pulse of cart-", text, StringComparison.Ordinal);
        Assert.Contains("▲ 3 warnings", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RenderAsync_PluginThrows_CellsTabAndNoteSayWhy()
    {
        var text = await FrameAsync(async (message, options, cancel) => message.Type is MessageType.Compute or MessageType.Render
            ? throw new InvalidOperationException("no such metric")
            : await Healthy(message, options, cancel));
        Assert.Matches(@"Running +0 +! +Running", text);
        Assert.Contains("! SCORE: Health: threw: no such metric", text, StringComparison.Ordinal);
        Assert.Contains("✗ Health  acme.health", text, StringComparison.Ordinal);
        Assert.Contains("hint: ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RenderAsync_PluginAnswersGarbage_OnlyItsPlacesShowIt()
    {
        var text = await FrameAsync((message, _, _) => Task.FromResult(message.Type is MessageType.Compute or MessageType.Render ? """{"type":"no-such-node"}""" : "{}"));
        Assert.Contains("! SCORE: Health: ", text, StringComparison.Ordinal);
        Assert.Contains("✗ Health  acme.health", text, StringComparison.Ordinal);
        Assert.Contains("cart-", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RenderAsync_PluginNeverAnswers_SettlesOnceItsDeadlinesPassed()
    {
        var text = await FrameAsync(async (message, options, cancel) =>
        {
            if (message.Type is MessageType.Compute or MessageType.Render)
                await Task.Delay(Timeout.Infinite, cancel);
            return await Healthy(message, options, cancel);
        });
        Assert.Contains("! SCORE: Health: ", text, StringComparison.Ordinal);
        Assert.Contains("▲ 3 warnings", text, StringComparison.Ordinal);
    }

    /// <summary>Sets its status item when it starts, scores by the values it is given, greets the object in its tab.</summary>
    private static async Task<string> Healthy(Envelope message, GuestOptions options, CancellationToken cancellationToken)
    {
        using var payload = JsonDocument.Parse(message.Payload);
        switch (message.Type)
        {
            case MessageType.Activate:
                await options.Call(new HostCall("ui.status", """{"item":"acme.health.item","text":"3 warnings","style":"warn"}"""u8.ToArray(), null), cancellationToken);
                return "{}";
            case MessageType.Compute:
                var cells = payload.RootElement.GetProperty("rows").EnumerateArray().Select(row =>
                    $$"""{"text":"♥ {{string.Join('/', row.GetProperty("values").EnumerateArray().Select(v => v.GetString() ?? "null"))}}","style":"ok"}""");
                return $$"""{"cells":[{{string.Join(',', cells)}}]}""";
            case MessageType.Render:
                return $$"""{"type":"text","spans":[{"text":"pulse of {{payload.RootElement.GetProperty("object").GetProperty("name").GetString()}}"}]}""";
            default:
                return "{}";
        }
    }

    private async Task<string> FrameAsync(ScriptedPlugin.Script script)
    {
        Assert.True(ManifestReader.Read(Encoding.UTF8.GetBytes(Manifest)).TryGet(out var manifest, out var problems), Problem.Join(problems));
        var session = new ClusterSession { Client = _client, Context = "demo", User = "kubeadmin", Namespace = "bookstore" };
        await using var audit = AuditLog.Begin(_auditFiles, new AuditLimits(), TimeProvider.System, span => span.Clear());
        await using var host = await PluginHost.StartAsync(new PluginHostOptions
        {
            Plugins = [ScriptedPlugin.Installed(manifest)],
            Session = session,
            Audit = audit,
            Log = (_, _, _) => { },
            Bug = (what, bug) => throw new InvalidOperationException(what, bug),
            StartGuest = (_, options, _) => ValueTask.FromResult<GuestStart>(new GuestStart.Running(new ScriptedPlugin(options, script))),
            Limits = RuntimeLimits.OneFrame with { ComputeDeadline = TimeSpan.FromSeconds(2), RenderDeadline = TimeSpan.FromSeconds(2) },
        });
        var result = await SettledFrame.RenderAsync(
            new ScreenSession { Cluster = session, Extensions = host.Extensions }, new ViewRequest("pods", Tab: "vitals"), new FrameSize(160, 48), TimeSpan.FromSeconds(60));
        Assert.True(result is FrameResult.Frame, result is FrameResult.NotSettled late ? string.Join(", ", late.Waits) : result.ToString());
        return Golden.Text(((FrameResult.Frame)result).Cells);
    }

    private static ClusterClient ClientOf(SimulatedCluster cluster) =>
        new(new ClusterOptions { Server = cluster.Server, CertificateAuthorityPem = cluster.CertificateAuthorityPem, Token = cluster.Token });
}
