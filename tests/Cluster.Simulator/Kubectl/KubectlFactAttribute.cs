namespace LazyOC.Cluster.Simulator.Tests.Kubectl;

/// <summary>A test that runs the real kubectl; skipped where there is none on PATH.</summary>
internal sealed class KubectlFactAttribute : FactAttribute
{
    public KubectlFactAttribute()
    {
        if (KubectlCluster.Executable is null)
            Skip = "kubectl is not on PATH: install kubectl 1.30 or newer to run this test";
    }
}
