using System.Text;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime;
using LazyOC.Plugins.Sandbox.Audit;
using LazyOC.Plugins.Sandbox.Guests;

namespace LazyOC.Tui.Tests.Screen;

/// <summary>A plugin host in the session of a screen, with one plugin written in C#.</summary>
internal sealed class PluginFixture : IAsyncDisposable
{
    private readonly AuditLog _audit;

    private PluginFixture(AuditLog audit, PluginHost host) => (_audit, Host) = (audit, host);

    public PluginHost Host { get; }

    /// <param name="session">The cluster.</param>
    /// <param name="rest">Members of the manifest after <c>main</c>, without a comma before; the plugin is <c>acme.hooked</c>.</param>
    /// <param name="script">What it does.</param>
    /// <param name="change">Changes what is installed.</param>
    public static async Task<PluginFixture> StartAsync(ClusterSession session, string rest, ScriptedPlugin.Script script, Func<InstalledPlugin, InstalledPlugin>? change = null)
    {
        var json = $$"""{ "manifestVersion": 1, "id": "acme.hooked", "version": "1.0.0", "displayName": "Hooked", "engines": { "lazyoc": "^1.0" }, "main": "main.js", {{rest}} }""";
        Assert.True(ManifestReader.Read(Encoding.UTF8.GetBytes(json)).TryGet(out var manifest, out var problems), Problem.Join(problems));
        var audit = AuditLog.Begin(new AuditMemory(), new AuditLimits(), TimeProvider.System, span => span.Clear());
        var plugin = ScriptedPlugin.Installed(manifest);
        var host = await PluginHost.StartAsync(new PluginHostOptions
        {
            Plugins = [change?.Invoke(plugin) ?? plugin],
            Session = session,
            Audit = audit,
            Log = (_, _, _) => { },
            Bug = (what, bug) => throw new InvalidOperationException(what, bug),
            StartGuest = (_, options, _) => ValueTask.FromResult<GuestStart>(new GuestStart.Running(new ScriptedPlugin(options, script))),
            Limits = RuntimeLimits.OneFrame,
        });
        return new PluginFixture(audit, host);
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await _audit.DisposeAsync();
    }
}
