using LazyOC.Plugins.Sandbox.Guests.Extism;
using LazyOC.Plugins.Sandbox.Guests.JavaScript;

namespace LazyOC.Plugins.Sandbox.Guests;

/// <summary>What a plugin's code is written for.</summary>
public enum GuestKind
{
    /// <summary>An ES module, bundled to one file, run by QuickJS on the WebAssembly engine.</summary>
    JavaScript,

    /// <summary>A WebAssembly module that speaks the Extism 1.x guest ABI.</summary>
    WebAssembly,
}

/// <summary>What became of starting a guest.</summary>
public abstract record GuestStart
{
    private GuestStart() { }

    /// <summary>The code is loaded and evaluated; the guest takes messages. The caller disposes it.</summary>
    public sealed record Running(IGuest Guest) : GuestStart;

    /// <summary>The code could not be loaded or its evaluation failed. Nothing is left to dispose.</summary>
    public sealed record Failed(GuestFault Fault) : GuestStart;
}

/// <summary>Starts guests.</summary>
public static class GuestFactory
{
    /// <summary>The kind of guest that a manifest's <c>main</c> names: <c>.wasm</c> is WebAssembly, everything else JavaScript.</summary>
    public static GuestKind KindOf(string main) =>
        main.EndsWith(".wasm", StringComparison.Ordinal) ? GuestKind.WebAssembly : GuestKind.JavaScript;

    /// <summary>
    /// Loads the code and evaluates it within <see cref="GuestLimits.StartCpuMs"/>. No message is delivered:
    /// <c>activate</c> is the caller's to send. Safe to call from any thread; the guest's code runs on a guest thread.
    /// </summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled; the guest is disposed.</exception>
    public static ValueTask<GuestStart> StartAsync(GuestKind kind, GuestOptions options, CancellationToken cancellationToken) => kind switch
    {
        GuestKind.JavaScript => JavaScriptGuest.StartAsync(options, cancellationToken),
        GuestKind.WebAssembly => ExtismGuest.StartAsync(options, cancellationToken),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
