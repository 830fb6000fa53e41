using System.Collections.Immutable;
using System.Text.Unicode;
using LazyOC.Plugins.Contracts;
using LazyOC.Wasm;

namespace LazyOC.Plugins.Packages;

/// <summary>What can be said of a package's <c>main</c> without running it.</summary>
internal static class MainCheck
{
    /// <summary>Modules that a WebAssembly guest finds at run time: Extism's two and WASI preview 1.</summary>
    private static readonly ImmutableArray<string> KnownModules = ["extism:host/env", "extism:host/user", "wasi_snapshot_preview1"];

    /// <summary>The first problem; null when there is none.</summary>
    public static Problem? Check(PluginPackage package, PackageLimits limits)
    {
        var main = package.Manifest.Main;
        if (package.Find(main) is not { } code)
            return new Problem(main, $"is the manifest's `main`, but it is not in the package", "build the plugin before packing it");
        return main.EndsWith(".wasm", StringComparison.Ordinal) ? CheckWasm(main, code) : CheckJavaScript(main, code.Span, limits);
    }

    /// <summary>What can be said of a JavaScript bundle.</summary>
    public static Problem? CheckJavaScript(string main, ReadOnlySpan<byte> code, PackageLimits limits)
    {
        if (code.Length > limits.MaxJavaScriptBytes)
            return new Problem(main, $"has {ByteSize.Format(code.Length)}; a JavaScript bundle has at most {ByteSize.Format(limits.MaxJavaScriptBytes)}", "minify the bundle and leave data out of it");
        if (!Utf8.IsValid(code)) return new Problem(main, "is not UTF-8", "tell the bundler to write UTF-8");
        return code.IsEmpty ? new Problem(main, "is empty", "build the plugin before packing it") : null;
    }

    private static Problem? CheckWasm(string main, ReadOnlyMemory<byte> code)
    {
        try
        {
            foreach (var import in WasmModule.Load(code).Imports)
            {
                if (KnownModules.Contains(import.Module)) continue;
                return new Problem(main, $"imports `{import.Module}` `{import.Name}`, which no plugin is given", $"plugins may import from {string.Join(", ", KnownModules.Select(m => $"`{m}`"))}");
            }
            return null;
        }
        catch (WasmFormatException e)
        {
            return new Problem(main, $"is not a WebAssembly module that can run here: {e.Message}", "build it for WebAssembly 2.0, without threads, exceptions and relaxed SIMD");
        }
    }
}
