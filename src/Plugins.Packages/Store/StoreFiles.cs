using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace LazyOC.Plugins.Packages;

/// <summary>
/// Every change the store makes to the file system, one step a call, so that tests can end the process before any step.
/// When a step returns, its effect is on the disk once <see cref="FlushDirectory"/> has returned for its directory.
/// </summary>
/// <param name="beforeStep">Told what is about to happen to which path; what it throws ends the change.</param>
internal sealed class StoreFiles(Action<string, string>? beforeStep = null)
{
    public void CreateDirectory(string path)
    {
        if (Directory.Exists(path)) return;
        beforeStep?.Invoke("create directory", path);
        Directory.CreateDirectory(path);
    }

    /// <summary>Writes a file that is not there and sees it onto the disk.</summary>
    public void Write(string path, ReadOnlySpan<byte> content, bool readOnly)
    {
        beforeStep?.Invoke("write", path);
        using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }
        if (readOnly) File.SetAttributes(path, FileAttributes.ReadOnly);
    }

    public void MoveDirectory(string from, string to)
    {
        beforeStep?.Invoke("move", to);
        Directory.Move(from, to);
    }

    /// <summary>Puts a file in the place of another in one atomic step.</summary>
    public void Replace(string from, string to)
    {
        beforeStep?.Invoke("replace", to);
        File.Move(from, to, overwrite: true);
    }

    /// <summary>Removes a file or directory, if it is there.</summary>
    public void Delete(string path)
    {
        if (File.Exists(path))
        {
            beforeStep?.Invoke("delete", path);
            File.Delete(path);
        }
        if (!Directory.Exists(path)) return;
        beforeStep?.Invoke("delete", path);
        // Windows does not delete read-only files.
        if (OperatingSystem.IsWindows())
            foreach (var file in Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)) File.SetAttributes(file, FileAttributes.Normal);
        Directory.Delete(path, recursive: true);
    }

    /// <summary>Sees names that were created, moved or replaced in a directory onto the disk.</summary>
    /// <remarks>Windows has no such call; NTFS journals names itself.</remarks>
    public void FlushDirectory(string path)
    {
        beforeStep?.Invoke("flush", path);
        if (OperatingSystem.IsWindows()) return;
        var descriptor = Native.Open(Encoding.UTF8.GetBytes(path + "\0"), 0);
        if (descriptor < 0) throw Failed(path);
        try
        {
            if (Native.Fsync(descriptor) != 0) throw Failed(path);
        }
        finally
        {
            _ = Native.Close(descriptor);
        }
    }

    private static IOException Failed(string path) => new($"`{path}` cannot be flushed to the disk: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");

    /// <summary>.NET opens no directories; flushing one takes the system's own calls.</summary>
    private static class Native
    {
        [DllImport("libc", EntryPoint = "open", SetLastError = true)]
        public static extern int Open(byte[] path, int flags);

        [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
        public static extern int Fsync(int descriptor);

        [DllImport("libc", EntryPoint = "close", SetLastError = true)]
        public static extern int Close(int descriptor);
    }
}
