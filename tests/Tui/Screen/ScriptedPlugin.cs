using System.Text;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Sandbox.Guests;

namespace LazyOC.Tui.Tests.Screen;

/// <summary>A plugin written in C#, in a real plugin host.</summary>
internal sealed class ScriptedPlugin(GuestOptions options, ScriptedPlugin.Script script) : IGuest
{
    /// <summary>Answers a message with JSON; what it throws is the guest's fault.</summary>
    public delegate Task<string> Script(Envelope message, GuestOptions options, CancellationToken cancellationToken);

    private readonly TaskCompletionSource<GuestFault?> _ended = new();

    public GuestUsage Usage => default;

    public Task<GuestFault?> Ended => _ended.Task;

    public async ValueTask<GuestReply> SendAsync(Envelope message, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(message.DeadlineMs);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return new GuestReply.Answered(Encoding.UTF8.GetBytes(await script(message, options, ends.Token)));
        }
        catch (OperationCanceledException)
        {
            return new GuestReply.Failed(new GuestFault(GuestFaultKind.Deadline, "took too long"));
        }
        catch (InvalidOperationException e)
        {
            return new GuestReply.Failed(new GuestFault(GuestFaultKind.Threw, e.Message));
        }
    }

    public ValueTask DisposeAsync()
    {
        _ended.TrySetResult(null);
        return ValueTask.CompletedTask;
    }


    public static InstalledPlugin Installed(PluginManifest manifest) => new()
    {
        Manifest = manifest,
        Main = new byte[] { 1 },
        Entry = new InstalledEntry
        {
            Id = manifest.Id,
            Version = manifest.Version,
            Digest = Digest.Of([1]),
            Files = Digest.Of([]),
            Source = "test",
            Granted = manifest.Permissions,
            GrantDigest = Digest.Of([]),
            StoreEpoch = 1,
            Enabled = true,
            Why = InstallReason.Requested,
        },
    };
}
