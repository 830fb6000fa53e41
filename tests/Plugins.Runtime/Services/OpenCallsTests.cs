using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Services;

namespace LazyOC.Plugins.Runtime.Tests.Services;

public sealed class OpenCallsTests
{
    private readonly OpenCalls _calls = new(new RuntimeLimits { ServiceDepth = 3, ServiceCalls = 2 });

    private static PluginId Id(string name) => PluginId.Parse($"acme.{name}");

    private IDisposable? Begin(string from, string to, out CallError? refusal) => _calls.TryBegin(Id(from), Id(to), out refusal);

    [Fact]
    public void TryBegin_BackAlongOpenCalls_IsRefusedWithTheWay()
    {
        using var first = Begin("aa", "bb", out _);
        using var second = Begin("bb", "cc", out _);

        Assert.Null(Begin("cc", "aa", out var refusal));
        Assert.Equal(ErrorCode.Conflict, refusal?.Code);
        Assert.Contains("acme.aa → acme.bb → acme.cc → acme.aa", refusal?.Message, StringComparison.Ordinal);
        Assert.Null(Begin("aa", "aa", out _));
    }

    [Fact]
    public void TryBegin_AfterTheCallHasEnded_IsOpenAgain()
    {
        Begin("aa", "bb", out _)!.Dispose();

        using var back = Begin("bb", "aa", out var refusal);
        Assert.Null(refusal);
    }

    [Fact]
    public void TryBegin_ToTheSameServiceFromTwoSides_IsNoCycle()
    {
        using var left = Begin("aa", "cc", out _);
        using var right = Begin("bb", "cc", out _);
        using var again = Begin("aa", "bb", out var refusal);
        Assert.Null(refusal);
    }

    [Fact]
    public void TryBegin_BeyondDepthOrNumber_IsRefused()
    {
        using var one = Begin("aa", "bb", out _);
        using var two = Begin("bb", "cc", out _);
        using var three = Begin("cc", "dd", out _);
        Assert.Null(Begin("dd", "ee", out var deep));
        Assert.Equal(ErrorCode.Conflict, deep?.Code);

        using var four = Begin("aa", "ee", out _);
        Assert.Null(Begin("aa", "ff", out var many));
        Assert.Equal(ErrorCode.QuotaExceeded, many?.Code);
    }
}
