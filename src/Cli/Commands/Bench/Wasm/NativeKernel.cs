using System.Text.RegularExpressions;

namespace LazyOC.Cli.Commands.Bench.Wasm;

/// <summary>Makes a program of a kernel with wasm2c and gcc: what native code of the same module takes.</summary>
/// <remarks>
/// Its memory is guarded by pages that fault, without explicit checks; nothing interrupts or meters it. So it is a limit,
/// not a peer with the same duties.
/// </remarks>
internal static partial class NativeKernel
{
    /// <summary>Returns the program's path.</summary>
    /// <exception cref="UserError">A tool failed, with what it said.</exception>
    public static async Task<string> BuildAsync(string module, string runner, string work, CancellationToken cancellationToken)
    {
        var name = Path.GetFileNameWithoutExtension(module);
        var source = Path.Combine(work, name + ".c");
        var program = Path.Combine(work, name);
        await RunAsync("wasm2c", [module, "-n", name, "-o", source], cancellationToken);
        var header = await File.ReadAllTextAsync(Path.ChangeExtension(source, ".h"), cancellationToken);
        string[] names =
        [
            $"-DHEADER=\"{name}.h\"",
            $"-DINSTANTIATE={Instantiate().Match(header).Groups["name"].Value}",
            $"-DINSTANCE={Instantiate().Match(header).Groups["instance"].Value}",
            $"-DRUN={Run().Match(header).Groups["name"].Value}",
            .. Init().Match(header) is { Success: true } init ? [$"-DINIT={init.Groups["name"].Value}"] : Array.Empty<string>(),
        ];
        var runtime = RuntimeFolder();
        // Contracting a multiplication and an addition rounds once instead of twice, and so gives another result.
        string[] flags = ["-O2", "-ffp-contract=off", $"-I{runtime}", $"-I{work}", .. names];
        string[] sources = [runner, source, Path.Combine(runtime, "wasm-rt-impl.c")];
        await RunAsync("gcc", [.. flags, "-o", program, .. sources, "-lm"], cancellationToken);
        return program;
    }

    /// <summary>Where Debian's wabt keeps the C part of wasm2c's runtime; elsewhere the compiler has to find it.</summary>
    private static string RuntimeFolder() =>
        Array.Find(["/usr/share/wabt/wasm2c", "/usr/local/share/wabt/wasm2c"], Directory.Exists)
        ?? throw new UserError(ExitCode.Failed, "wasm2c's runtime (wasm-rt-impl.c) was not found in share/wabt/wasm2c");

    private static async Task RunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        var child = await ChildProcess.RunAsync(program, arguments, cancellationToken: cancellationToken);
        if (child.ExitCode != 0)
            throw new UserError(ExitCode.Failed, $"`{program}` ended with {child.ExitCode}: {child.Error.Trim().Split('\n')[0]}");
    }

    // The names that wasm2c gives have changed between its versions.
    [GeneratedRegex(@"void (?<name>\w+instantiate)\((?<instance>\w+)\s*\*", RegexOptions.NonBacktracking)]
    private static partial Regex Instantiate();

    [GeneratedRegex(@"u64 (?<name>\w+run)\(", RegexOptions.NonBacktracking)]
    private static partial Regex Run();

    [GeneratedRegex(@"void (?<name>\w+_init_module)\(", RegexOptions.NonBacktracking)]
    private static partial Regex Init();
}
