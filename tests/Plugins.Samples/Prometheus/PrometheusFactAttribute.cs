namespace LazyOC.Plugins.Samples.Tests.Prometheus;

/// <summary>A test that needs <c>prometheus</c> and <c>promtool</c> on PATH; skipped, with what to install, where they are missing.</summary>
internal sealed class PrometheusFactAttribute : FactAttribute
{
    public PrometheusFactAttribute()
    {
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "promtool"))))
            Skip = "no Prometheus on PATH: install Debian's prometheus";
    }
}
