namespace LazyOC.EndToEnd.Tests;

/// <summary>A test that needs <c>kubectl</c> on PATH; skipped, with what to install, where there is none.</summary>
internal sealed class KubectlFactAttribute : FactAttribute
{
    public KubectlFactAttribute()
    {
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "kubectl"))))
            Skip = "no kubectl on PATH: install kubernetes-client or kubectl 1.30 or newer";
    }
}
