using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using LazyOC.Wasm;

namespace LazyOC.Wasi.Tests;

/// <summary>An AssemblyScript program of <c>Programs/</c>, compiled by the repository's own compiler.</summary>
internal static class AssemblyScriptProgram
{
    private static readonly ConcurrentDictionary<string, Lazy<WasmModule>> Modules = new(StringComparer.Ordinal);
    private static readonly string? Compiler = FindCompiler();

    /// <summary>Why nothing can be compiled here; <see langword="null"/> when it can.</summary>
    public static string? Missing { get; } = Compiler is null ? "the AssemblyScript compiler is not there; run `npm ci` in the repository"
        : Run("--version") is null ? null : "node is not installed";

    /// <summary>The programs that print <c>ok</c> and need nothing but the trees of <see cref="TreeUnderTest"/>.</summary>
    public static string[] Checked { get; } = ["trees", "waiting"];

    public static WasmModule Compile(string name) =>
        Modules.GetOrAdd(name, _ => new Lazy<WasmModule>(() => WasmModule.Load(CompileOnce(name)))).Value;

    private static byte[] CompileOnce(string name)
    {
        using var folder = new TemporaryFolder();
        var target = folder.PathOf(name + ".wasm");
        var problem = Run(Path.Combine(AppContext.BaseDirectory, "Programs", name + ".ts"), "--outFile", target, "--runtime", "stub", "--use", "abort=");
        return problem is null ? File.ReadAllBytes(target) : throw new InvalidOperationException(problem);
    }

    private static string? FindCompiler()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var compiler = Path.Combine(directory.FullName, "node_modules", "assemblyscript", "bin", "asc.js");
            if (File.Exists(compiler))
                return compiler;
        }
        return null;
    }

    private static string? Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("node", [Compiler!, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = Path.Combine(AppContext.BaseDirectory, "Programs"),
        };
        try
        {
            using var process = Process.Start(start)!;
            var messages = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : messages;
        }
        catch (Win32Exception missing)
        {
            return missing.Message;
        }
    }
}

/// <summary>A test that compiles AssemblyScript; reported as skipped where that is impossible.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class AssemblyScriptTheoryAttribute : TheoryAttribute
{
    public AssemblyScriptTheoryAttribute() => Skip = AssemblyScriptProgram.Missing;
}

/// <summary>A test that compiles C and AssemblyScript; reported as skipped where either is impossible.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CompilersFactAttribute : FactAttribute
{
    public CompilersFactAttribute() => Skip = CProgram.Missing ?? AssemblyScriptProgram.Missing;
}
