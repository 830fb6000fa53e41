using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Supervision;
using LazyOC.Plugins.Sandbox.Files;
using LazyOC.Plugins.Sandbox.Guests;

namespace LazyOC.Plugins.Runtime.Lifecycle;

/// <content>How an instance comes to have a guest.</content>
internal sealed partial class PluginInstance
{
    private static GuestFault StoppedWhileStarting => new(GuestFaultKind.Cancelled, "it was stopped while it started", InstanceLost: true);

    private GuestLimits GuestLimits => _context.Limits.GuestLimitsOf(Plugin, _context.GuestLimits);

    /// <summary>Loads the guest; the fault, if that failed.</summary>
    public async Task<GuestFault?> LoadAsync()
    {
        switch (await StartGuestAsync())
        {
            case GuestStart.Failed failed:
                return failed.Fault;
            case GuestStart.Running running when !TryAttach(running.Guest):
                await running.Guest.DisposeAsync();
                return StoppedWhileStarting;
            default:
                return null;
        }
    }

    /// <summary>Sends <c>activate</c>; the fault, if it failed.</summary>
    /// <param name="reason">The activation event, for the guest.</param>
    public async Task<GuestFault?> ActivateAsync(string reason)
    {
        var payload = new ActivatePayload
        {
            PluginId = Principal.Id,
            PluginVersion = Principal.Version,
            HostApiVersion = PluginManifest.HostApiVersion,
            Reason = reason,
            Session = Scope.Info,
        };
        var json = JsonSerializer.SerializeToUtf8Bytes(payload, ContractJson.Default.ActivatePayload);
        if (await TellAsync(new Request(MessageType.Activate, json, _context.Limits.ActivateDeadline)) is GuestReply.Failed failed) return failed.Fault;
        _isActivated = true;
        return null;
    }

    private PluginFiles FilesOf() => new(new PluginFilesOptions
    {
        Plugin = Principal,
        Package = [.. Plugin.Content.Files.Select(file => new PluginFile(file.Path, file.Size, () => Plugin.Content.Read(file.Path)))],
        Rules = _context.Mounts,
        Limits = _context.Files,
        Time = _context.Time,
        Used = (call, path, isChange) => _context.FileUsed(Principal, call, path, isChange),
        Escaped = path => _context.Escaped(Principal, path),
        NotMounted = message => _context.Log(Principal.Id, PluginLogLevel.Warn, message),
    });

    private async Task<GuestStart> StartGuestAsync()
    {
        var options = new GuestOptions
        {
            Name = Principal.Id.ToString(),
            Code = Plugin.Main,
            SourceMap = Plugin.SourceMap,
            Limits = GuestLimits,
            CodeDigest = Principal.Digest,
            Images = _context.Images,
            Call = CallAsync,
            Refused = refused => _context.Broker.Refuse(Principal, refused.Name, refused.Error, ViolationOf(refused)),
            TurnEnded = (type, started) => _actor.Profile?.Add(ProfileKind.Turn, type, started),
            Sampler = () => _actor.Profile,
            WaitsForUser = _context.Broker.WaitsForUser,
            AnswersAtOnce = _context.Broker.AnswersAtOnce,
            Log = (level, line) => _context.Log(Principal.Id, level, line),
            Bug = bug => _context.Bug($"guest of {Principal.Id}", bug),
            Time = _context.Time,
            Configuration = name => Settings.TextOf(name),
            Files = Files,
        };
        foreach (var problem in Settings.Problems) _context.Log(Principal.Id, PluginLogLevel.Warn, $"settings: {problem}");
        try
        {
            return await _context.StartGuest(GuestFactory.KindOf(Plugin.Manifest.Main), options, _ended);
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            return new GuestStart.Failed(StoppedWhileStarting);
        }
#pragma warning disable CA1031 // An engine's bug must not reach the screen as one of its own: it is told, and the plugin does not start.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            _context.Bug($"start of {Principal.Id}", bug);
            return new GuestStart.Failed(new GuestFault(GuestFaultKind.LoadFailed, "the engine failed; its log says how", InstanceLost: true));
        }
    }

    private async ValueTask<Answer> CallAsync(HostCall call, CancellationToken cancellationToken)
    {
        if (_isRevoked) return _context.Broker.Refuse(Principal, call.Name, new CallError(ErrorCode.PermissionDenied, "the permissions of this plugin have changed; this instance of it has ended"));
        Interlocked.Increment(ref _calls);
        var arrived = _context.Time.GetTimestamp();
        try
        {
            return await (_staged is null ? _context.Broker.InvokeAsync(Principal, call, cancellationToken) : _staged.InvokeAsync(call, cancellationToken));
        }
        finally
        {
            Interlocked.Decrement(ref _calls);
            _actor.Profile?.Add(ProfileKind.HostCall, call.Name, arrived);
        }
    }

    private static Violation? ViolationOf(RefusedCall refused) =>
        refused.IsBroken ? Violation.BrokenEnvelope
        : refused.Error.Code == ErrorCode.QuotaExceeded ? Violation.QuotaRefused
        : null;

    /// <summary>Takes over the guest, to be disposed with the instance; false when the instance has ended already.</summary>
    private bool TryAttach(IGuest guest)
    {
        lock (_gate)
        {
            if (_disposed) return false;
            _guest = guest;
            return true;
        }
    }
}
