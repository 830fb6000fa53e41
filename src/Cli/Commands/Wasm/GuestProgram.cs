using LazyOC.Wasi;
using LazyOC.Wasm;

namespace LazyOC.Cli.Commands.Wasm;

/// <summary>A WASI program that runs in this process, with this process's standard streams.</summary>
internal sealed record GuestProgram
{
    private const int GreatestCode = 255;
    private const int TrapCodeOfShell = 134;
    private const int TimeoutCode = 124;
    private const int InterruptedCode = 130;

    /// <summary>One program is the only one that they are for; what remains is the machine's own.</summary>
    private static readonly WasiLimits Limits = new()
    {
        OutputBytes = long.MaxValue,
        TransferBytes = 1024 * 1024 * 1024,
        RandomBytes = 1024 * 1024 * 1024,
        DirectoryBytes = 1024 * 1024 * 1024,
        OpenDescriptors = 4_096,
        Subscriptions = 4_096,
    };

    public required FileInfo File { get; init; }

    public required IReadOnlyList<string> Arguments { get; init; }

    public required IReadOnlyList<HostMount> Directories { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; }

    public required InstanceOptions Instance { get; init; }

    public required TimeSpan? Timeout { get; init; }

    /// <summary>Runs it to its end and says the exit code.</summary>
    /// <exception cref="UserError">It cannot be started.</exception>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var module = await LoadAsync(cancellationToken);
        var mounts = new List<WasiMount>();
        try
        {
            foreach (var directory in Directories)
                mounts.Add(new WasiMount(directory.GuestPath, Open(directory)));
            return await RunAsync(module, mounts, cancellationToken);
        }
        finally
        {
            foreach (var mount in mounts) (mount.FileSystem as IDisposable)?.Dispose();
        }
    }

    private async Task<WasmModule> LoadAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists)
            throw new UserError(ExitCode.NotFound, $"there is no file {File.FullName}", "`lazyoc wasm run --help` shows examples");
        try
        {
            return WasmModule.Load(await System.IO.File.ReadAllBytesAsync(File.FullName, cancellationToken));
        }
        catch (WasmFormatException refused)
        {
            throw new UserError(ExitCode.Failed, $"{File.Name}: {refused.Message}", HintFor(refused), refused);
        }
    }

    private static string HintFor(WasmFormatException refused) => refused switch
    {
        { Error: WasmFormatError.Malformed, Offset: 0 } => "it must be a binary module; `wat2wasm` makes one of text",
        { Error: WasmFormatError.Malformed, Offset: 4 } => "it must be a core module for WASI preview 1; components are not run",
        { Error: WasmFormatError.LimitExceeded } => "the limits are those that hold for plugins",
        { Error: WasmFormatError.Unsupported } => "the engine runs WebAssembly 2.0; compile without later features",
        _ => "the file is damaged, or its compiler made something invalid",
    };

    private static HostFileSystem Open(HostMount directory)
    {
        try
        {
            return new HostFileSystem(directory.Folder, new HostFileSystemOptions { IsReadOnly = directory.IsReadOnly, AllowsSymbolicLinks = true });
        }
        catch (DirectoryNotFoundException missing)
        {
            throw new UserError(ExitCode.NotFound, missing.Message, "`--dir HOST::GUEST` wants a folder that exists", missing);
        }
    }

    private async Task<int> RunAsync(WasmModule module, List<WasiMount> mounts, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (Timeout is { } timeout) end.CancelAfter(timeout);
        using var input = new GuestInput(end.Token);
        await using var output = StandardStreams.Output();
        await using var error = StandardStreams.Error();
        using var context = new WasiContext(new WasiOptions
        {
            Arguments = [File.Name, .. Arguments],
            Environment = [.. Environment],
            StandardInput = input,
            StandardOutput = output,
            StandardError = error,
            Terminals = StandardStreams.Terminals,
            Mounts = [.. mounts],
            ClockResolutionNs = 1,
            MeasuresCpuTime = true,
            Limits = Limits,
        });
        try
        {
            return await OnGuestThread(() => Run(module, context, end.Token));
        }
        catch (TrapException) when (cancellationToken.IsCancellationRequested)
        {
            return InterruptedCode;
        }
        catch (TrapException) when (end.IsCancellationRequested)
        {
            Console.Error.WriteLine($"lazyoc: {File.Name} did not end within {Timeout!.Value.TotalSeconds:0.###} s");
            return TimeoutCode;
        }
        catch (TrapException trap)
        {
            Console.Error.WriteLine($"lazyoc: {File.Name} trapped: {trap.Message}");
            foreach (var function in trap.GuestStack) Console.Error.WriteLine($"  at {function}");
            return TrapCodeOfShell;
        }
    }

    /// <summary>The program's run, on its own thread from the first instruction to the last.</summary>
    private int Run(WasmModule module, WasiContext context, CancellationToken end)
    {
        CancellationTokenRegistration interrupt = default;
        try
        {
            // Told early, so that a start function can be stopped too.
            using var instance = module.Instantiate(
                context.AddTo(new WasmLinker()),
                Instance with { OnCreated = created => interrupt = end.Register(created.Interrupt) });
            if (!instance.TryGetFunction<Action>("_start", out var start))
                return Initialize(instance);
            start();
            return ExitCode.Ok;
        }
        catch (WasiExitException exit)
        {
            return (int)Math.Min(exit.ExitCode, GreatestCode);
        }
        catch (WasmLinkException refused)
        {
            throw new UserError(ExitCode.Failed, $"{File.Name}: {refused.Message}", $"a program imports functions of `{WasiContext.ModuleName}` only; `--max-memory` sets the size of its memory", refused);
        }
        finally
        {
            interrupt.Dispose();
        }
    }

    /// <summary>A module without a program: it prepares itself, and then there is nothing to run.</summary>
    private int Initialize(WasmInstance instance)
    {
        if (!instance.TryGetFunction<Action>("_initialize", out var initialize))
            throw new UserError(ExitCode.Failed, $"{File.Name}: the module exports no function `_start`", "a program has one; compile it as a command, not as a library");
        initialize();
        throw new UserError(ExitCode.Failed, $"{File.Name} is a reactor: it was initialized, and there is nothing to run", "a program exports `_start`; compile it as a command, not as a library");
    }

    private static Task<T> OnGuestThread<T>(Func<T> body)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        GuestThread.Create(
            () =>
            {
                try
                {
                    result.SetResult(body());
                }
                catch (Exception exception)
                {
                    result.SetException(exception);
                }
            },
            "guest").Start();
        return result.Task;
    }
}
