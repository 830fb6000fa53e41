using LazyOC.Wasm;

namespace LazyOC.Wasi;

/// <summary>WASI preview 1 for one guest: its descriptors, clocks and random numbers.</summary>
/// <remarks>
/// Used by one instance, on the thread that runs it. No guest input makes it throw anything but
/// <see cref="WasiExitException"/> and <see cref="TrapException"/>; every other defect is an error code for the guest.
/// Source: WebAssembly System Interface, <c>wasi_snapshot_preview1</c>.
/// </remarks>
public sealed partial class WasiContext
{
    /// <summary>The module name of every import.</summary>
    public const string ModuleName = "wasi_snapshot_preview1";

    private readonly WasiOptions _options;
    private readonly WasiLimits _limits;
    private readonly DescriptorTable _descriptors;
    private readonly long _startTimestamp;
    private long _outputBytesLeft;

    /// <summary>Creates what one guest gets of the world.</summary>
    public WasiContext(WasiOptions options)
    {
        _options = options;
        _limits = options.Limits;
        _arguments = NulTerminated(options.Arguments);
        _environment = NulTerminated(options.Environment.Select(variable => $"{variable.Key}={variable.Value}"));
        _startTimestamp = options.TimeProvider.GetTimestamp();
        _outputBytesLeft = options.Limits.OutputBytes;
        _descriptors = new DescriptorTable(options.Limits.OpenDescriptors);
        _descriptors.Add(new StreamDescriptor(options.StandardInput, Rights.Read));
        _descriptors.Add(new StreamDescriptor(options.StandardOutput, Rights.Write));
        _descriptors.Add(new StreamDescriptor(options.StandardError, Rights.Write));
        foreach (var mount in options.Mounts)
        {
            _descriptors.Add(new DirectoryDescriptor(
                mount.FileSystem, mount.FileSystem.Root, Rights.Directory, Rights.Directory | Rights.File, mount.GuestPath));
        }
    }

    /// <summary>Defines every function of preview 1, so that any module that imports some of it links.</summary>
    /// <returns>The linker.</returns>
    public WasmLinker AddTo(WasmLinker linker)
    {
        AddProcess(linker);
        AddClocks(linker);
        AddDescriptors(linker);
        AddPaths(linker);
        AddSockets(linker);
        return linker;
    }

    /// <summary>Sockets are not given to guests: every descriptor is none.</summary>
    private void AddSockets(WasmLinker linker)
    {
        linker.Define(ModuleName, "sock_accept", (int fd, int flags, int result) => NoSocket(fd));
        linker.Define(ModuleName, "sock_recv", (int fd, int buffers, int count, int flags, int size, int outFlags) => NoSocket(fd));
        linker.Define(ModuleName, "sock_send", (int fd, int buffers, int count, int flags, int size) => NoSocket(fd));
        linker.Define(ModuleName, "sock_shutdown", (int fd, int how) => NoSocket(fd));
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
            return typeof(T) == typeof(DirectoryDescriptor) ? Errno.NotDirectory : Errno.BadDescriptor;
        if ((descriptor.Rights & needed) != needed)
            return Errno.NotCapable;
        found = typed;
        return Errno.Success;
    }
}
