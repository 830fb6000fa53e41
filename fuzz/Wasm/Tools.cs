namespace LazyOC.Fuzz.Wasm;

/// <summary>The programs that the fuzzers compare with and take modules from.</summary>
internal static class Tools
{
    private static readonly Lazy<string?> NodeVersion = new(() => RepositoryFolder.Output("node", "--version"));
    private static readonly Lazy<string?> WasmOpt = new(() => RepositoryFolder.Output("wasm-opt", "--version"));

    /// <summary>Why nothing can be compared with V8; <see langword="null"/> when it can.</summary>
    public static string? NodeMissing => NodeVersion.Value is null ? "`node` was not found; install Node.js" : null;

    /// <summary>Why no modules can be generated; <see langword="null"/> when they can.</summary>
    public static string? WasmOptMissing => WasmOpt.Value is null ? "`wasm-opt` was not found; install binaryen" : null;

    /// <summary>The version of wasm-opt, which decides what a seed means.</summary>
    public static string? WasmOptVersion => WasmOpt.Value;
}
