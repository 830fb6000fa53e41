using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime;
using LazyOC.Plugins.Sandbox.Guests;

namespace LazyOC.Cli.Installing;

/// <summary>
/// Loads what is to be installed, before it is: in its sandbox, with its limits, and with every call refused. A plugin whose
/// code does not even load takes nobody's place. How it works with a cluster, the running LazyOCs find out when they swap.
/// </summary>
internal static class Rehearsal
{
    /// <summary>Null when the code loads, otherwise why not.</summary>
    public static async Task<Problem?> TryAsync(PluginPackage package, CancellationToken cancellationToken)
    {
        var manifest = package.Manifest;
        var options = new GuestOptions
        {
            Name = manifest.Id.ToString(),
            Code = package.Find(manifest.Main)!.Value,
            SourceMap = package.Find(manifest.Main + ".map"),
            Limits = new RuntimeLimits().GuestLimitsOf(manifest, new GuestLimits()),
            Call = static (_, _) => ValueTask.FromResult(Answer.Failure(ErrorCode.PermissionDenied, "the plugin is not installed yet")),
            Log = static (_, _) => { },
            Time = TimeProvider.System,
        };
        var kind = GuestFactory.KindOf(manifest.Main);
        switch (await GuestFactory.StartAsync(kind, options, cancellationToken))
        {
            case GuestStart.Running running:
                await running.Guest.DisposeAsync();
                return null;
            case GuestStart.Failed failed:
                return new Problem($"{manifest.Id} {manifest.Version}", $"does not load: {failed.Fault.Message}{(failed.Fault.Stack is { } stack ? "\n" + stack : "")}", "nothing was changed; tell its author");
            case var other:
                throw new InvalidOperationException($"a guest started as {other}");
        }
    }
}
