using System.Text;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Runtime.Supervision;
using LazyOC.Plugins.Sandbox.Guests;

namespace LazyOC.Plugins.Runtime.Tests.Supervision;

/// <summary>The stacks of a profile.</summary>
public sealed class ProfileTests
{
    private const string Id = "acme.test";

    [Fact]
    public async Task Profile_OfAPluginThatWorks_HasItsStacksAndOnlyWhileItLasts()
    {
        await using var fixture = await HostFixture.CreateAsync("empty");
        fixture.GuestLimits = new GuestLimits(TurnCpuMs: 60_000);
        fixture.Limits = fixture.Limits with { MessageDeadline = TimeSpan.FromMinutes(1) };
        fixture.WithCode(Id, Permissions.None, Encoding.UTF8.GetBytes("""
            function hot(n) { let sum = 0; for (let i = 0; i < n; i++) sum = (sum + i * i) | 0; return sum; }
            function warm(n) { let sum = 0; for (let i = 0; i < n; i++) sum = (sum + i * i) | 0; return sum; }
            lazyoc.on("command", function command() { let sum = 0; for (let i = 0; i < 4; i++) sum ^= hot(800000) ^ warm(150000); return {}; });
            """));
        await fixture.StartAsync();
        await fixture.Extensions.RunCommandAsync($"{Id}.command");

        var profiling = fixture.Host.ProfileAsync(PluginId.Parse(Id), TimeSpan.FromSeconds(2));
        while (!profiling.IsCompleted) await fixture.Extensions.RunCommandAsync($"{Id}.command");
        var guest = (await profiling)!.Guest;

        int SamplesAt(string name) => guest.Samples.Count(sample => guest.Functions[guest.Stacks[sample.Stack][^1]].Name == name);
        Assert.True(SamplesAt("hot") > 2 * SamplesAt("warm"), $"{SamplesAt("hot")} hot, {SamplesAt("warm")} warm");
        Assert.Equal(guest.Functions.Length, guest.Functions.Select(function => function.Name).Distinct().Count());
        Assert.Contains(new GuestFrame("command", "plugin.js", 3), guest.Functions.Select(function => function with { Column = 0 }));
        Assert.All(guest.Stacks, stack => Assert.All(stack, function => Assert.InRange(function, 0, guest.Functions.Length - 1)));
        Assert.All(guest.Samples, sample => Assert.True(sample.CpuMs >= 1, $"{sample.CpuMs} ms"));
        Assert.Equal(0, guest.Dropped);
    }

    [Fact]
    public void Add_SameStackAgain_IsKeptOnce()
    {
        var table = new SampleTable(new RuntimeLimits());
        for (var i = 0; i < 3; i++) table.Add([new("inner", "a.ts", 10 - i, 1), new("outer", "a.ts", 3, 1)], TimeSpan.FromMilliseconds(2));
        table.Add([new("outer", "a.ts", 4, 1)], TimeSpan.FromMilliseconds(1));

        var taken = table.Take();

        Assert.Equal([new("inner", "a.ts", 8, 1), new("outer", "a.ts", 3, 1)], taken.Functions.ToArray());
        Assert.Equal([[1, 0], [1]], taken.Stacks.Select(stack => stack.ToArray()));
        Assert.Equal([new(0, 2), new(0, 2), new(0, 2), new(1, 1)], taken.Samples.ToArray());
    }

    [Fact]
    public void Take_FunctionWhosePlaceWasNotAlwaysKnown_IsOneWhereItsNameIsUnique()
    {
        var table = new SampleTable(new RuntimeLimits());
        foreach (var frame in (GuestFrame[])[new("once"), new("once", "a.ts", 2), new("twice"), new("twice", "a.ts", 5), new("twice", "b.ts", 6), new("sort"), new("sort", GuestFrame.Native)])
            table.Add([frame], TimeSpan.Zero);

        var taken = table.Take();

        Assert.Equal([new("once", "a.ts", 2), new("twice"), new("twice", "a.ts", 5), new("twice", "b.ts", 6), new("sort"), new("sort", GuestFrame.Native)], taken.Functions.ToArray());
        Assert.Equal([0, 0, 1, 2, 3, 4, 5], taken.Samples.Select(sample => taken.Stacks[sample.Stack][0]));
    }

    [Fact]
    public void Add_FunctionsWithoutAName_AreToldApartByTheirPlace()
    {
        var table = new SampleTable(new RuntimeLimits());
        table.Add([new("<anonymous>", "a.ts", 1, 1)], TimeSpan.Zero);
        table.Add([new("<anonymous>", "a.ts", 2, 1)], TimeSpan.Zero);
        table.Add([new("named", "a.ts", 1, 1)], TimeSpan.Zero);
        table.Add([new("named", "b.ts", 1, 1)], TimeSpan.Zero);

        Assert.Equal(4, table.Take().Functions.Length);
    }

    [Fact]
    public void Add_MoreThanAProfileHolds_IsCounted()
    {
        var few = new RuntimeLimits { ProfileSamples = 2, ProfileFunctions = 2, ProfileStackFrames = 2, ProfileFunctionChars = 10, MeasureChars = 4 };
        ProfileStacks Taken(params ReadOnlySpan<GuestFrame[]> stacks)
        {
            var table = new SampleTable(few);
            foreach (var stack in stacks) table.Add([.. stack], TimeSpan.Zero);
            return table.Take();
        }
        GuestFrame a = new("a"), b = new("b"), c = new("c");

        Assert.Equal(1, Taken(new[] { a }, new[] { a }, new[] { a }).Dropped);
        Assert.Equal(1, Taken(new[] { a }, new[] { b }, new[] { c }).Dropped);
        Assert.Equal(1, Taken(new[] { a, b, a }).Dropped);
        Assert.Equal(1, Taken(new GuestFrame[] { new("aaaa", "bbbb"), new("cccc") }).Dropped);
        Assert.Equal("long", Taken(new GuestFrame[] { new("longer") }).Functions[0].Name);
    }
}
