using System.Globalization;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Sandbox.Broker;
using LazyOC.Plugins.Sandbox.Guests;

namespace LazyOC.Plugins.Runtime.State;

/// <summary>
/// Makes a plugin's epoch from that of another version: copies it and runs the package's migrations on the copy, each as a
/// guest of its own that can call <c>storage.*</c> and <c>log.write</c> and nothing else.
/// </summary>
internal sealed class Migration(ActorContext context, InstalledPlugin plugin, SessionScope scope)
{
    /// <summary>The copy as the package's version expects it; neither copy nor fault when the epoch is there. With a fault nothing has changed.</summary>
    public async Task<(StoreCopy? Copy, GuestFault? Fault)> RunAsync(CancellationToken cancellationToken)
    {
        StoreCopy? copy = null;
        var isDone = false;
        try
        {
            switch (await CopyAsync(cancellationToken))
            {
                case StoreCopyAttempt.Needless:
                    return (null, null);
                case StoreCopyAttempt.Failed failed:
                    return (null, Failed(failed.Reason));
                case StoreCopyAttempt.Made made:
                    copy = made.Copy;
                    break;
                default:
                    return (null, Failed("another LazyOC has been migrating its stored data all the time"));
            }
            context.Step("migrate");
            foreach (var migration in copy.HasData ? plugin.Manifest.MigrationsFrom(plugin.Entry.StoreOrigin!.Version) : [])
                if (await RunAsync(migration.Entry, copy.File, cancellationToken) is { } fault)
                    return (null, fault with { Message = $"its migration `{migration.Entry}` fails: {fault.Message}", InstanceLost = true });
            isDone = true;
            return (copy, null);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return (null, new GuestFault(GuestFaultKind.Cancelled, "it was stopped while its stored data was migrated", InstanceLost: true));
        }
        finally
        {
            if (!isDone) copy?.Dispose();
        }
    }

    /// <summary>Waits for another process that makes the same epoch: then it is there, or it is this one's turn.</summary>
    private async Task<StoreCopyAttempt> CopyAsync(CancellationToken cancellationToken)
    {
        var begun = context.Time.GetTimestamp();
        while (true)
        {
            var attempt = await Task.Factory.StartNew(() => StoreCopy.TryMake(context.Stores, plugin, context.Limits), cancellationToken, TaskCreationOptions.DenyChildAttach, context.Work);
            if (attempt is not StoreCopyAttempt.Busy || context.Time.GetElapsedTime(begun) >= context.Limits.MigrationWait) return attempt;
            await Task.Delay(context.Limits.MigrationPoll, context.Time, cancellationToken);
        }
    }

    private async Task<GuestFault?> RunAsync(string entry, StoreFile store, CancellationToken cancellationToken)
    {
        if (plugin.Content.Read(entry) is not { } code) return Failed("the file is not what was installed");
        var principal = new PluginPrincipal
        {
            Id = plugin.Manifest.Id,
            Version = plugin.Manifest.Version.ToString(),
            Digest = plugin.Entry.Digest.ToString(),
            Session = scope.Session,
            Granted = new PermissionSet { Storage = plugin.Entry.Granted.Storage },
            // As many calls as there are keys, within the deadline; what the version before has used is not its concern.
            IsCallMetered = false,
            ReadOnly = true,
        };
        context.Stores.BeginMigration(principal, store);
        try
        {
            switch (await StartAsync(entry, code, principal, cancellationToken))
            {
                case GuestStart.Failed failed:
                    return failed.Fault;
                case GuestStart.Running { Guest: var guest }:
                    await using (guest) return await TellAsync(guest, cancellationToken);
                case var other:
                    throw new InvalidOperationException($"A start ended in {other}.");
            }
        }
        finally
        {
            context.Stores.EndMigration(principal);
        }
    }

    private async Task<GuestStart> StartAsync(string entry, ReadOnlyMemory<byte> code, PluginPrincipal principal, CancellationToken cancellationToken)
    {
        var options = new GuestOptions
        {
            Name = $"{principal.Id} {entry}",
            Code = code,
            SourceMap = plugin.Content.Read(entry + ".map"),
            Limits = context.GuestLimits,
            Call = (call, cancelled) => IsPermitted(call.Name)
                ? context.Broker.InvokeAsync(principal, call, cancelled)
                : ValueTask.FromResult(Answer.Failure(ErrorCode.PermissionDenied, $"a migration can call `storage.*` and `log.write`, not `{call.Name}`")),
            Log = (level, line) => context.Log(principal.Id, level, line),
            Bug = bug => context.Bug($"migration of {principal.Id}", bug),
            Time = context.Time,
        };
        try
        {
            return await context.StartGuest(GuestKind.JavaScript, options, cancellationToken);
        }
#pragma warning disable CA1031 // As with every guest: an engine's bug is told, and this migration fails.
        catch (Exception bug) when (bug is not OperationCanceledException)
#pragma warning restore CA1031
        {
            context.Bug($"migration of {principal.Id}", bug);
            return new GuestStart.Failed(Failed("the engine failed; its log says how"));
        }
    }

    private async Task<GuestFault?> TellAsync(IGuest guest, CancellationToken cancellationToken)
    {
        var payload = new MigratePayload { From = plugin.Entry.StoreOrigin!.Version.ToString() };
        var envelope = new Envelope
        {
            Id = 1.ToString(CultureInfo.InvariantCulture),
            Type = MessageType.Migrate,
            Session = scope.Session.ToString(),
            DeadlineMs = (int)context.Limits.MigrateDeadline.TotalMilliseconds,
            Payload = JsonSerializer.SerializeToUtf8Bytes(payload, ContractJson.Default.MigratePayload),
        };
        try
        {
            var reply = await guest.SendAsync(envelope, cancellationToken).AsTask().WaitAsync(context.Limits.MigrateDeadline + context.Limits.UnresponsiveGrace, context.Time, cancellationToken);
            return (reply as GuestReply.Failed)?.Fault;
        }
        catch (TimeoutException)
        {
            return Failed($"`{MessageType.Migrate}` was not answered and could not be interrupted");
        }
    }

    private static bool IsPermitted(string call) => call == "log.write" || call.StartsWith("storage.", StringComparison.Ordinal);

    private static GuestFault Failed(string message) => new(GuestFaultKind.LoadFailed, message, InstanceLost: true);
}
