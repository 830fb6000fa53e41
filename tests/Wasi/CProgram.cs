using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using LazyOC.Wasm;

namespace LazyOC.Wasi.Tests;

/// <summary>A C program of <c>Programs/</c>, compiled for WASI by the clang that is installed.</summary>
internal static class CProgram
{
    private static readonly Lazy<string?> Compiler = new(FindProblem);

    /// <summary>Why nothing can be compiled here; <see langword="null"/> when it can.</summary>
    public static string? Missing => Compiler.Value;

    /// <summary>Runs a program to its end.</summary>
    public static (uint ExitCode, string Output, string Error) Run(string name, WasiOptions options)
    {
        using var output = new MemoryStream();
        using var error = new MemoryStream();
        var linker = new WasiContext(options with { StandardOutput = output, StandardError = error }).AddTo(new WasmLinker());
        var module = WasmModule.Load(Compile(name));
        var exitCode = GuestThread.Run(() =>
        {
            using var instance = module.Instantiate(linker);
            try
            {
                instance.GetFunction<Action>("_start")();
                return 0u;
            }
            catch (WasiExitException exit)
            {
                return exit.ExitCode;
            }
        });
        return (exitCode, Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(error.ToArray()));
    }

    private static byte[] Compile(string name)
    {
        var source = Path.Combine(AppContext.BaseDirectory, "Programs", name + ".c");
        var target = Path.Combine(Directory.CreateTempSubdirectory("lazyoc-wasi-").FullName, name + ".wasm");
        try
        {
            var problem = Clang("-O1", source, "-o", target);
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
