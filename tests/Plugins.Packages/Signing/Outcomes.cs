using LazyOC.Plugins.Contracts;

namespace LazyOC.Plugins.Packages.Tests.Signing;

internal static class Outcomes
{
    public static T Value<T>(Outcome<T> outcome)
    {
        Assert.True(outcome.TryGet(out var value, out var problems), Problem.Join(problems));
        return value;
    }

    public static string Refusal<T>(Outcome<T> outcome)
    {
        Assert.False(outcome.TryGet(out _, out var problems));
        return Problem.Join(problems);
    }
}
