using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using LazyOC.Wasm;

namespace LazyOC.Wasi.Tests;

/// <summary>A C program of <c>Programs/</c>, compiled for WASI by the clang that is installed, once for each run of the tests.</summary>
internal static class CProgram
{
    private static readonly Lazy<string?> Compiler = new(FindProblem);
    private static readonly ConcurrentDictionary<string, Lazy<WasmModule>> Modules = new(StringComparer.Ordinal);

    /// <summary>Why nothing can be compiled here; <see langword="null"/> when it can.</summary>
    public static string? Missing => Compiler.Value;

    /// <summary>The programs that print <c>ok</c> and need nothing but the trees of <see cref="TreeUnderTest"/>.</summary>
    public static string[] Checked { get; } =
        ["process", "descriptors", "paths", "links", "rename", "readdir", "times", "rights", "poll", "unlink", "seeds", "faults"];

    /// <summary>Runs a program to its end.</summary>
    public static ProgramRun Run(string name, WasiOptions options) => ProgramRun.Of(Compile(name), options);

    public static WasmModule Compile(string name) =>
        Modules.GetOrAdd(name, _ => new Lazy<WasmModule>(() => WasmModule.Load(CompileOnce(name)))).Value;

    private static byte[] CompileOnce(string name)
    {
        var source = Path.Combine(AppContext.BaseDirectory, "Programs", name + ".c");
        var target = Path.Combine(Directory.CreateTempSubdirectory("lazyoc-wasi-").FullName, name + ".wasm");
        try
        {
            var problem = Clang("-O1", "-Wall", "-Werror", source, "-o", target);
            return problem is null ? File.ReadAllBytes(target) : throw new InvalidOperationException(problem);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(target)!, recursive: true);
        }
    }

    /// <summary>Compiles an empty program, which fails when clang, lld, wasi-libc or its builtins are missing.</summary>
    private static string? FindProblem()
    {
        var target = Path.GetTempFileName();
        try
        {
            var problem = Clang("-x", "c", "-o", target, Path.Combine(AppContext.BaseDirectory, "Programs", "empty.c"));
            return problem is null ? null : "clang cannot compile for wasm32-wasi; install clang, lld, wasi-libc and libclang-rt-dev-wasm32";
        }
        finally
        {
            File.Delete(target);
        }
    }

    private static string? Clang(params string[] arguments)
    {
        var start = new ProcessStartInfo("clang", ["--target=wasm32-wasi", "--sysroot=/usr", .. arguments]) { UseShellExecute = false, RedirectStandardError = true };
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

/// <summary>A test that compiles C for WASI; reported as skipped where that is impossible.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ClangFactAttribute : FactAttribute
{
    public ClangFactAttribute() => Skip = CProgram.Missing;
}

/// <summary>As <see cref="ClangFactAttribute"/>, with arguments.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ClangTheoryAttribute : TheoryAttribute
{
    public ClangTheoryAttribute() => Skip = CProgram.Missing;
}
