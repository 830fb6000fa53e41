using LazyOC.Plugins.Contracts;

namespace LazyOC.Plugins.Packages;

/// <summary>Lets one process at a time change a store. The operating system frees it when the process ends, however it ends.</summary>
internal static class StoreLock
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Whether another has it: a sharing violation on Windows, EWOULDBLOCK on Linux and on macOS. A disk that cannot be written is no such thing.</summary>
    private static bool IsHeld(IOException error) => (error.HResult & 0xffff) is 32 or 11 or 35;

    /// <summary>The held lock, or a refusal when another process holds it for longer than <paramref name="wait"/>.</summary>
    public static Outcome<IDisposable> Acquire(string root, TimeSpan wait)
    {
        var path = Path.Combine(root, "lock");
        for (var waited = TimeSpan.Zero; ; waited += Pause)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException error) when (IsHeld(error))
            {
                if (waited >= wait) return new Problem("", "another LazyOC is changing the installed plugins", "wait for it to finish, then try again");
                Thread.Sleep(Pause);
            }
        }
    }
}
