namespace LazyOC.Cli.Tests.Plugin.Authoring;

/// <summary>A test that needs <c>clang</c> and <c>wasm-ld</c> on PATH; skipped, with what to install, where they are not.</summary>
internal sealed class ClangFactAttribute : FactAttribute
{
    public ClangFactAttribute()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (!Array.TrueForAll(["clang", "wasm-ld"], program => path.Any(folder => File.Exists(Path.Combine(folder, program))))) Skip = "no clang or wasm-ld on PATH: install clang and lld";
    }
}
