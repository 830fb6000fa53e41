using System.Diagnostics;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Plugins.Packages.Tests;

/// <summary>The program that this assembly is besides its tests: packs a directory, in whatever surroundings it was started, and writes the package.</summary>
internal static class PackProgram
{
    public static int Main(string[] arguments)
    {
        if (!PackageSource.Pack(arguments[0]).TryGet(out var packed, out var problems))
        {
            Console.Error.WriteLine(Problem.Join(problems));
            return 1;
        }
        File.WriteAllBytes(arguments[1], packed.Package.Bytes.ToArray());
        return 0;
    }

    /// <summary>Runs it.</summary>
    /// <param name="directory">To be packed.</param>
    /// <param name="package">To be written.</param>
    /// <param name="umask">Of the process.</param>
    /// <param name="environment">Variables set on top of this process's.</param>
    public static async Task<byte[]> RunAsync(string directory, string package, string umask, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("sh", ["-c", "umask $1; shift; exec dotnet exec \"$@\"", "sh", umask, typeof(PackProgram).Assembly.Location, directory, package])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(package),
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, errors);
        return await File.ReadAllBytesAsync(package);
    }
}
