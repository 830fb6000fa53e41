using System.Diagnostics;
using LazyOC.Wasm.Compilation;

// Translates quickjs.wasm to an assembly of CIL and, given crossgen2, to machine code for this platform.
// Usage: LazyOC.Build.QuickJS MODULE OUTPUT [--crossgen2 PATH]
if (args is not ([_, _] or [_, _, "--crossgen2", _]))
{
    Console.Error.WriteLine("usage: LazyOC.Build.QuickJS MODULE OUTPUT [--crossgen2 PATH]");
    return 2;
}
var (module, output) = (args[0], args[1]);
var assemblyName = Path.GetFileNameWithoutExtension(output);
var directory = Path.GetDirectoryName(Path.GetFullPath(output))!;
var work = Directory.CreateDirectory(Path.Combine(directory, $".{assemblyName}-{Environment.ProcessId}")).FullName;
try
{
    var cil = Path.Combine(work, Path.GetFileName(output));
    using (var file = File.Create(cil))
        PersistedModule.Write(File.ReadAllBytes(module), assemblyName, metered: false, file);
    var result = cil;
    if (args.Length > 2)
    {
        result = Path.Combine(work, "native.dll");
        if (Crossgen2(args[3], cil, result) is not 0 and var code)
            return code;
    }
    // Renamed into place: whoever copies the output meets the old file or the new one, never half of it.
    File.Move(result, output, overwrite: true);
    return 0;
}
finally
{
    Directory.Delete(work, recursive: true);
}

static int Crossgen2(string path, string cil, string native)
{
    var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
    string[] arguments =
    [
        cil, "--out", native, "-O", "--targetos", "linux", "--targetarch", "x64",
        "--reference", Path.Combine(framework, "*.dll"), "--reference", typeof(PersistedModule).Assembly.Location,
    ];
    using var process = Process.Start(new ProcessStartInfo(path, arguments) { UseShellExecute = false, RedirectStandardOutput = true })!;
    // Its warnings about generated code say nothing; its errors go to the standard error stream.
    process.StandardOutput.ReadToEnd();
    process.WaitForExit();
    return process.ExitCode;
}
