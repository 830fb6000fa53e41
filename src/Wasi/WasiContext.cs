using LazyOC.Wasm;

namespace LazyOC.Wasi;

/// <summary>WASI preview 1 for one guest: its descriptors, clocks and random numbers.</summary>
/// <remarks>
/// Used by one instance, on the thread that runs it. No guest input makes it throw anything but
/// <see cref="WasiExitException"/> and <see cref="TrapException"/>; every other defect is an error code for the guest.
/// Source: WebAssembly System Interface, <c>wasi_snapshot_preview1</c>.
/// </remarks>
public sealed partial class WasiContext : IDisposable
{
    /// <summary>The module name of every import.</summary>
    public const string ModuleName = "wasi_snapshot_preview1";

    private readonly WasiOptions _options;
    private readonly WasiLimits _limits;
    private readonly DescriptorTable _descriptors;
    private readonly Dictionary<string, Delegate> _functions = new(StringComparer.Ordinal);
    private readonly long _startTimestamp;
    private long _outputBytesLeft;

    /// <summary>Creates what one guest gets of the world.</summary>
    /// <exception cref="IOException">The root of a mount cannot be opened.</exception>
    public WasiContext(WasiOptions options)
    {
        _options = options;
        _limits = options.Limits;
        _arguments = NulTerminated(options.Arguments);
        _environment = NulTerminated(options.Environment.Select(variable => $"{variable.Key}={variable.Value}"));
        _startTimestamp = options.TimeProvider.GetTimestamp();
        _resolutionNs = (ulong)Math.Max(1, options.ClockResolutionNs);
        _outputBytesLeft = options.Limits.OutputBytes;
        _descriptors = new DescriptorTable(options.Limits.OpenDescriptors);
        AddStream(options.StandardInput, Rights.Read, WasiTerminals.Input);
        AddStream(options.StandardOutput, Rights.Write | Rights.Sync | Rights.DataSync, WasiTerminals.Output);
        AddStream(options.StandardError, Rights.Write | Rights.Sync | Rights.DataSync, WasiTerminals.Error);
        foreach (var mount in options.Mounts)
        {
            if (mount.FileSystem.OpenRoot(out var root) is var errno and not Errno.Success)
                throw new IOException($"the root of {mount.GuestPath} cannot be opened: {errno}");
            _descriptors.Add(new DirectoryDescriptor(root, Rights.Directory, Rights.All, mount.GuestPath));
        }
        AddProcess();
        AddClocks();
        AddDescriptors();
        AddTransfers();
        AddPaths();
        AddSockets();
    }

    /// <summary>Every function of preview 1 by its name.</summary>
    internal IReadOnlyDictionary<string, Delegate> Functions => _functions;

    /// <summary>Defines every function of preview 1, so that any module that imports some of it links.</summary>
    /// <returns>The linker.</returns>
    public WasmLinker AddTo(WasmLinker linker)
    {
        foreach (var (name, function) in _functions)
            linker.Define(ModuleName, name, function);
        return linker;
    }

    /// <summary>Closes what the guest left open. The guest must not run any more.</summary>
    public void Dispose() => _descriptors.CloseAll();

    private void AddStream(Stream stream, Rights rights, WasiTerminals terminal) =>
        _descriptors.Add(new StreamDescriptor(stream, rights, _options.Terminals.HasFlag(terminal)));

    private void Define(string name, Delegate function) => _functions.Add(name, function);

    /// <summary>Sockets are not given to guests: every descriptor is none.</summary>
    private void AddSockets()
    {
        Define("sock_accept", (int fd, int flags, int result) => NoSocket(fd));
        Define("sock_recv", (int fd, int buffers, int count, int flags, int size, int outFlags) => NoSocket(fd));
        Define("sock_send", (int fd, int buffers, int count, int flags, int size) => NoSocket(fd));
        Define("sock_shutdown", (int fd, int how) => NoSocket(fd));
    }

    private int NoSocket(int fd) => (int)(_descriptors.TryGet(fd, out _) ? Errno.NotSocket : Errno.BadDescriptor);

    /// <summary>A descriptor of one kind that has the rights an operation needs.</summary>
    private Errno Find<T>(int fd, Rights needed, out T found)
        where T : Descriptor
    {
        found = null!;
        if (!_descriptors.TryGet(fd, out var descriptor))
            return Errno.BadDescriptor;
        if (descriptor is not T typed)
        {
            return typeof(T) == typeof(DirectoryDescriptor) ? Errno.NotDirectory
                : descriptor is DirectoryDescriptor ? Errno.IsDirectory : Errno.BadDescriptor;
        }
        if ((descriptor.Rights & needed) != needed)
            return Errno.NotCapable;
        found = typed;
        return Errno.Success;
    }
}
