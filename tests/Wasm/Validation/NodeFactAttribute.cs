using System.ComponentModel;
using System.Diagnostics;

namespace LazyOC.Wasm.Tests.Validation;

/// <summary>A test that needs Node.js; reported as skipped where it is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute() => Skip = HasNode() ? null : "`node` was not found; install Node.js";

    private static bool HasNode()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("node", "--version") { UseShellExecute = false, RedirectStandardOutput = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
