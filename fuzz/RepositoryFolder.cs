using System.Diagnostics;

namespace LazyOC.Fuzz;

/// <summary>The repository this program was built in, and the commit it is at.</summary>
internal static class RepositoryFolder
{
    /// <summary>The folder that holds LazyOC.slnx.</summary>
    public static string Root { get; } = Find();

    public static string Artifacts => Path.Combine(Root, "artifacts", "fuzz");

    /// <summary>The commit, and whether files differ from it; what runs write themselves does not count.</summary>
    public static string Commit()
    {
        var commit = Output("git", "-C", Root, "rev-parse", "HEAD");
        if (commit is null)
            return "unknown";
        var changes = Output("git", "-C", Root, "status", "--porcelain", "--", ".", ":!fuzz/logs");
        return $"{commit} ({(changes is "" ? "clean" : "with changes that are not committed")})";
    }

    /// <summary>What a program writes; <see langword="null"/> when it is not there or fails.</summary>
    public static string? Output(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            errors.Wait();
            return process.ExitCode == 0 ? output.Trim() : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "LazyOC.slnx")))
                return folder.FullName;
        }
        throw new InvalidOperationException("the fuzzers run inside the repository only");
    }
}
