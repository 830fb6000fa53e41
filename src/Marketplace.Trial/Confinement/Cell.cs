using System.Collections;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using LazyOC.Marketplace.Protocol.Api;

namespace LazyOC.Marketplace.Trial.Confinement;

/// <summary>
/// Puts on this process whatever holds it, says which of it there is, and becomes the program that is to be held: threads and
/// memory of this one are gone then, what was put on stays.
/// </summary>
/// <remarks>Linux only, on the process's first thread: most of it is put on the thread that asks, and stays with the one that executes.</remarks>
[SupportedOSPlatform("linux")]
internal sealed class Cell
{
    // What systemd calls dynamic service users: nobody has files as one of them.
    private const int FirstUser = 61_184, LastUser = 65_519;

    private const ulong Files = 256, Threads = 512, FileSize = 64 << 20, Memory = 3UL << 30;

    private const uint Grace = 10;

    private const int HomeSize = 128 << 20, HomeFiles = 10_000;

    private readonly string _scratch;
    private readonly string _hidden;
    private readonly HashSet<string> _wanted;
    private readonly ulong _cpuSeconds;
    private readonly uint _wallSeconds;
    private readonly List<string> _worn = [];
    private readonly uint _user;
    private string _dotnet;
    private string _program;

    private Cell(string scratch, string hidden, string wanted, string cpuSeconds, string wallSeconds, string program)
    {
        (_scratch, _hidden, _program) = (scratch, hidden, program);
        _wanted = [.. wanted.Split(',')];
        _cpuSeconds = ulong.Parse(cpuSeconds, CultureInfo.InvariantCulture);
        _wallSeconds = uint.Parse(wallSeconds, CultureInfo.InvariantCulture);
        _dotnet = Environment.ProcessPath ?? throw new InvalidOperationException("The host of this program has no path.");
        _user = LinuxCalls.EffectiveUser() == 0 && _wanted.Contains(TrialLayers.User) ? (uint)RandomNumberGenerator.GetInt32(FirstUser, LastUser + 1) : LinuxCalls.EffectiveUser();
    }

    private string Home => Path.Combine(_scratch, "home");

    /// <summary>Does not return unless it fails.</summary>
    /// <param name="arguments">A folder of its own, a folder to hide, the layers, seconds of CPU and of wall time, the program and its arguments.</param>
    /// <returns>The exit code of a failure, which is told on standard error.</returns>
    public static int Become(string[] arguments)
    {
        if (arguments is not [var scratch, var hidden, var layers, var cpu, var wall, var program, .. var rest]) return Program.Usage();
        var cell = new Cell(scratch, hidden, layers, cpu, wall, program);
        cell.PutOn();
        Console.Error.WriteLine($"{TrialLayers.Announcement} {string.Join(' ', cell._worn)}");
        Console.Error.Flush();
        cell.Execute(rest);
        Console.Error.WriteLine($"error: {cell._dotnet} {cell._program} cannot be executed: {Marshal.GetLastPInvokeErrorMessage()}");
        return 1;
    }

    private void PutOn()
    {
        Wear(TrialLayers.Session, () => LinuxCalls.BeginSession() >= 0);
        Wear(TrialLayers.Descriptors, () => LinuxCalls.CloseRange(3, uint.MaxValue, LinuxCalls.CloseOnExecute) == 0);
        Wear(TrialLayers.Network, () => LinuxCalls.Unshare(LinuxCalls.NewNetwork | LinuxCalls.NewIpc) == 0);
        MakeHome();
        Wear(TrialLayers.Files, () => LinuxCalls.Unshare(LinuxCalls.NewMounts) == 0 && ArrangeMounts());
        Wear(TrialLayers.Limits, SetLimits);
        Wear(TrialLayers.User, () => LinuxCalls.EffectiveUser() == 0 && LinuxCalls.SetGroups(0, 0) == 0 && LinuxCalls.SetGroup(_user, _user, _user) == 0 && LinuxCalls.SetUser(_user, _user, _user) == 0);
        Wear(TrialLayers.Privileges, () => LinuxCalls.Control(LinuxCalls.SetNoNewPrivileges, 1, 0, 0, 0) == 0);
        // Without the layer before only root may put on the last two.
        Wear(TrialLayers.Paths, () => PathRules.Install([Path.GetDirectoryName(_program)!, Path.GetDirectoryName(_dotnet)!], Home));
        Wear(TrialLayers.Calls, CallFilter.Install);
        // In case whoever started it is not there any more to end it.
        _ = LinuxCalls.Alarm(_wallSeconds + Grace);
    }

    private void Wear(string layer, Func<bool> putOn)
    {
        if (_wanted.Contains(layer) && putOn()) _worn.Add(layer);
    }

    private void MakeHome()
    {
        const UnixFileMode passable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        File.SetUnixFileMode(_scratch, passable);
        Directory.CreateDirectory(Home, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        // Without the right to it the program cannot write there, and says so.
        if (LinuxCalls.EffectiveUser() == 0) _ = LinuxCalls.ChangeOwner(Home, _user, _user);
    }

    /// <summary>The program and its host appear where any user can read them; its home is in memory, the hidden folder is empty, and of processes only its own appear.</summary>
    private bool ArrangeMounts()
    {
        if (LinuxCalls.Mount("none", "/", null, LinuxCalls.Recursive | LinuxCalls.Private, null) != 0) return false;
        if (Show(Path.GetDirectoryName(_program)!, "program") is not { } program || Show(Path.GetDirectoryName(_dotnet)!, "dotnet") is not { } dotnet) return false;
        const nuint nothing = LinuxCalls.ReadOnly | LinuxCalls.NoSetUid | LinuxCalls.NoDevices | LinuxCalls.NoExecute;
        if (LinuxCalls.Mount("none", Home, "tmpfs", LinuxCalls.NoSetUid | LinuxCalls.NoDevices, string.Create(CultureInfo.InvariantCulture, $"size={HomeSize},nr_inodes={HomeFiles},mode=0700,uid={_user},gid={_user}")) != 0) return false;
        if (LinuxCalls.Mount("none", _hidden, "tmpfs", nothing, "size=4k,mode=0") != 0) return false;
        if (LinuxCalls.Mount("proc", "/proc", "proc", LinuxCalls.NoSetUid | LinuxCalls.NoDevices | LinuxCalls.NoExecute, "hidepid=2") != 0) return false;
        _program = Path.Combine(program, Path.GetFileName(_program));
        _dotnet = Path.Combine(dotnet, Path.GetFileName(_dotnet));
        return true;
    }

    private string? Show(string folder, string name)
    {
        var place = Path.Combine(_scratch, name);
        Directory.CreateDirectory(place);
        return LinuxCalls.Mount(folder, place, null, LinuxCalls.Bind, null) == 0 && LinuxCalls.Mount("none", place, null, LinuxCalls.Bind | LinuxCalls.Remount | LinuxCalls.ReadOnly | LinuxCalls.NoSetUid | LinuxCalls.NoDevices, null) == 0 ? place : null;
    }

    private bool SetLimits() =>
        Limit(LinuxCalls.CpuSeconds, _cpuSeconds)
        && Limit(LinuxCalls.FileBytes, FileSize)
        && Limit(LinuxCalls.DataBytes, Memory)
        && Limit(LinuxCalls.CoreBytes, 0)
        && Limit(LinuxCalls.OpenFiles, Files)
        // Counted for a user: another's processes must not use it up.
        && (_user == LinuxCalls.EffectiveUser() || Limit(LinuxCalls.Processes, Threads));

    private static bool Limit(int resource, ulong value) => LinuxCalls.SetLimit(resource, new ResourceLimit(value, value)) == 0;

    private void Execute(string[] arguments)
    {
        _ = LinuxCalls.SetUmask(0x3f);
        if (LinuxCalls.ChangeDirectory(Home) != 0) return;
        string?[] environment = [.. Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(variable => $"{variable.Key}={variable.Value}"), null];
        _ = LinuxCalls.Execute(_dotnet, [_dotnet, "exec", _program, .. arguments, null], environment);
    }
}
