namespace LazyOC.Plugins.Sandbox.Guests;

public sealed class TurnBudgetTests
{
    private static readonly TimeSpan Work = TimeSpan.FromMilliseconds(20);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Total_IsWithoutWhatTheEngineTranslated(bool isTranslation)
    {
        var translated = TimeSpan.Zero;
        using var budget = new TurnBudget(TimeProvider.System, TimeSpan.FromMinutes(1), () => { }) { Translated = () => translated };
        var clock = ThreadCpuClock.OfCurrentThread();

        budget.Begin(cpuMs: 60_000);
        var began = clock.Read();
        while (clock.Read() - began < Work) Thread.SpinWait(100);
        if (isTranslation) translated = clock.Read() - began;
        budget.End();

        Assert.Equal(isTranslation, budget.Total < Work);
    }
}
