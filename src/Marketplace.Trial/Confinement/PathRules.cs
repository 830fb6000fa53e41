using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace LazyOC.Marketplace.Trial.Confinement;

/// <summary>
/// Rules of paths (Landlock), which take no rights to put on: the program, its runtime and the system's libraries can be read and
/// executed, its own folder can be used, and nothing else can be opened. Memory and environment of processes outside cannot be
/// read, but by root on kernels that let <c>CAP_PERFMON</c> do so in spite of the rules; the layer of users leaves no root.
/// </summary>
/// <remarks>See https://docs.kernel.org/userspace-api/landlock.html.</remarks>
[SupportedOSPlatform("linux")]
internal static class PathRules
{
    // The same numbers on all processors.
    private const nint CreateRuleset = 444, AddRule = 445, RestrictSelf = 446;
    private const nuint AskVersion = 1, PathBeneath = 1;
    private const int PathOnly = 0x20_0000, CloseOnExecute = 0x8_0000;

    private const ulong Execute = 1, WriteFile = 2, ReadFile = 4, ReadFolder = 8;
    private const ulong Read = Execute | ReadFile | ReadFolder;

    // By version: those of the first, moving between folders, truncating, and commands to devices.
    private const ulong First = (1 << 13) - 1, Refer = 1 << 13, Truncate = 1 << 14, Command = 1 << 15;
    private const int ReferVersion = 2, TruncateVersion = 3, NetworkVersion = 4, CommandVersion = 5, ScopeVersion = 6;

    /// <summary>Sockets without a path, and signals.</summary>
    private const ulong Scopes = 3;

    private static readonly string[] SystemFolders = ["/usr", "/lib", "/lib32", "/lib64", "/etc/ssl", "/proc", "/sys"];

    private static readonly string[] SystemFiles = ["/etc/ld.so.cache", "/etc/localtime", "/dev/null", "/dev/urandom", "/dev/random", "/dev/zero"];

    /// <summary>Puts them on this thread, from which they go on to the program that is executed next; false when the kernel has none.</summary>
    /// <param name="readable">Folders that may be read and executed from, beside the system's.</param>
    /// <param name="own">The folder that may be used.</param>
    public static bool Install(IEnumerable<string> readable, string own)
    {
        var version = (int)Call(CreateRuleset, 0, 0, AskVersion, 0);
        if (version < 1) return false;
        var all = First | (version >= ReferVersion ? Refer : 0) | (version >= TruncateVersion ? Truncate : 0) | (version >= CommandVersion ? Command : 0);
        var ruleset = Create(new Ruleset(all, 0, Scopes), version >= ScopeVersion ? 24u : version >= NetworkVersion ? 16u : 8u);
        if (ruleset < 0) return false;
        foreach (var folder in SystemFolders.Concat(readable))
            if (!Allow(ruleset, folder, Read)) return false;
        foreach (var file in SystemFiles)
            if (!Allow(ruleset, file, file == "/dev/null" ? ReadFile | WriteFile : ReadFile)) return false;
        // The descriptor goes with this program.
        return Allow(ruleset, own, all) && Call(RestrictSelf, ruleset, 0, 0, 0) == 0;
    }

    private static unsafe int Create(Ruleset ruleset, nuint size) => (int)Call(CreateRuleset, (nint)(&ruleset), size, 0, 0);

    /// <summary>Allows it below a path; one that is not there needs no rule.</summary>
    private static unsafe bool Allow(int ruleset, string path, ulong access)
    {
        if (!Path.Exists(path)) return true;
        var descriptor = LinuxCalls.Open(path, PathOnly | CloseOnExecute);
        if (descriptor < 0) return false;
        var rule = new Rule(access, descriptor);
        return Call(AddRule, ruleset, PathBeneath, (nuint)(&rule), 0) == 0;
    }

    private static nint Call(nint number, nint first, nuint second, nuint third, nuint fourth) => LinuxCalls.Call(number, first, second, third, fourth);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Ruleset(ulong Files, ulong Network, ulong Scoped);

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private readonly record struct Rule(ulong Access, int Descriptor);
}
