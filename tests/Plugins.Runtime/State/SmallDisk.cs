using System.Diagnostics;

namespace LazyOC.Plugins.Runtime.Tests.State;

/// <summary>A file system in memory that has a size, and may be made read-only.</summary>
internal sealed class SmallDisk : IDisposable
{
    private SmallDisk(string path) => Path = path;

    /// <summary>Why there is none here; null when there is.</summary>
    public static string? WhyNot { get; } = Try();

    public string Path { get; }

    public static SmallDisk Mount(string size)
    {
        var disk = new SmallDisk(Directory.CreateTempSubdirectory("lazyoc-disk-").FullName);
        if (Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", disk.Path) is { } error)
        {
            Directory.Delete(disk.Path);
            throw new IOException(error);
        }
        return disk;
    }

    /// <summary>From now on nobody writes to it, not even root.</summary>
    public void MakeReadOnly() => Assert.Null(Run("mount", "-o", "remount,ro", Path));

    /// <summary>Takes all the room that is left.</summary>
    public void Fill()
    {
        using var file = File.Create(System.IO.Path.Combine(Path, "filling"));
        try
        {
            while (true)
            {
                file.Write(new byte[4_096]);
                file.Flush();
            }
        }
        catch (IOException)
        {
            // That is what it was to come to.
        }
    }

    public void Dispose()
    {
        Run("umount", "-l", Path);
        Directory.Delete(Path);
    }

    private static string? Try()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess) return "a file system can be mounted by root on Linux only";
        try
        {
            Mount("64k").Dispose();
            return null;
        }
        catch (IOException refused)
        {
            return $"no file system can be mounted here: {refused.Message.Trim()}";
        }
    }

    private static string? Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true })!;
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : error;
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return missing.Message;
        }
    }
}

/// <summary>A test that mounts a file system; skipped, with the reason, where that cannot be done.</summary>
internal sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute() => Skip = SmallDisk.WhyNot;
}
