using LazyOC.Tui.Overlays;
using LazyOC.Tui.Terminal;
using LazyOC.Tui.Widgets;

namespace LazyOC.Tui.Tests.Overlays;

public sealed class ChoicesTests
{
    private static readonly Rect Rows = new(5, 5, 30, 10);

    [Theory]
    [InlineData("de", "Deployments", "Nodes")] // a prefix before the middle of a word
    [InlineData("sz", "Scale to zero", "Resize")] // starts of words before letters that are near each other
    [InlineData("scale", "Scale", "Scale to zero")] // the shorter of two that fit as well
    [InlineData("log", "Follow the logs", "Leave or go")] // side by side before scattered
    [InlineData("bc", "BuildConfigs", "Subscriptions")] // humps
    [InlineData("pod hea", "Check the health of pods", "Pods")] // every word, in any order
    public void Of_Filter_RanksTheBetterFirst(string filter, string better, string worse)
    {
        var choices = Choices.Of([new Choice(worse), new Choice(better)], TextField.Of(filter));
        Assert.Equal(1, choices.Current);
    }

    [Fact]
    public void Of_WholeName_ComesFirst()
    {
        var choices = Choices.Of([new Choice("Deploy something"), new Choice("Deployments") { Names = ["deploy"] }], TextField.Of("deploy"));
        Assert.Equal(1, choices.Current);
    }

    [Fact]
    public void Of_Filter_FindsByContextAndLeavesOutTheRest()
    {
        var choices = Choices.Of([new Choice("Scale", "Deployment"), new Choice("Plugins", "Screen")], TextField.Of("screen"));
        Assert.Equal([1], choices.Found.ToArray());
        Assert.Empty(choices.MatchesIn(1));
    }

    [Fact]
    public void Of_Thousands_BoundsWhatItListsAndCountsAll()
    {
        var choices = Choices.Of([.. Enumerable.Range(0, 5_000).Select(i => new Choice($"item {i}"))], TextField.Of("item"));
        Assert.Equal(OverlayLimits.Default.Matches, choices.Found.Length);
        Assert.Equal(5_000, choices.Count);
        Assert.Equal(0, choices.Current);
    }

    [Fact]
    public void Draw_Thousands_DrawsTheRowsInSightOnly()
    {
        var choices = Choices.Of([.. Enumerable.Range(0, 5_000).Select(i => new Choice($"item {i}"))]);
        var drawn = 0;
        choices.Draw(new Canvas(new CellBuffer(30, 10)), (_, _) => drawn++);
        Assert.Equal(10, drawn);
    }

    [Fact]
    public void Of_SameFilter_GivesTheSameOrder()
    {
        Choice[] all = [.. Enumerable.Range(0, 300).Select(i => new Choice($"a{i % 7}b{i % 11}c{i % 3}"))];
        var first = Choices.Of([.. all], TextField.Of("abc")).Found;
        Assert.Equal(first.ToArray(), Choices.Of([.. all], TextField.Of("abc")).Found.ToArray());
        Assert.Equal(300, first.Distinct().Count());
    }

    [Theory]
    [InlineData("", "anything", 0)]
    [InlineData("xyz", "anything", -1)]
    [InlineData("gnihtyna", "anything", -1)]
    public void Score_EmptyOrMissing_IsZeroOrNone(string term, string text, int expected) =>
        Assert.Equal(expected < 0 ? null : expected, FuzzyMatcher.Score(term, text));

    [Fact]
    public void Positions_EveryTerm_SpellIt()
    {
        var random = new Random(7);
        for (var i = 0; i < 2_000; i++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => "abcD -x"[random.Next(7)])]);
            var term = new string([.. text.Where(_ => random.Next(4) == 0)]);
            var positions = FuzzyMatcher.Positions(term, text);
            Assert.Equal(term.ToLowerInvariant(), new string([.. positions.Select(p => char.ToLowerInvariant(text[p]))]));
            Assert.Equal(positions, positions.Distinct().Order());
            Assert.NotNull(FuzzyMatcher.Score(term, text));
        }
    }

    [Fact]
    public void Score_EveryPlacement_IsNotBeatenByAnother()
    {
        // The oracle: the best of all placements of two letters, by the rules the matcher states.
        var random = new Random(11);
        for (var i = 0; i < 500; i++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(2, 14)).Select(_ => "ab -"[random.Next(4)])]);
            if (FuzzyMatcher.Score("ab", text) is not { } score)
                continue;
            var best = int.MinValue;
            for (var a = 0; a < text.Length; a++)
            {
                for (var b = a + 1; b < text.Length; b++)
                {
                    if (text[a] == 'a' && text[b] == 'b')
                        best = Math.Max(best, 16 + Bonus(text, a) - Math.Min(a, 3) + 16 + Bonus(text, b) + (b == a + 1 ? 8 : -3 - (b - a - 1)));
                }
            }
            Assert.Equal(best, score);
        }

        static int Bonus(string text, int at) => at == 0 ? 12 : !char.IsLetter(text[at - 1]) ? 8 : 0;
    }

    [Fact]
    public void Handle_ClickOnRow_ChoosesIt()
    {
        var choices = Choices.Of([new Choice("a"), new Choice("b"), new Choice("c")]);
        var (next, chosen) = choices.Handle(new TerminalEvent.Mouse(MouseAction.Press, 6, 7, KeyModifiers.None), Rows)!.Value;
        Assert.True(chosen);
        Assert.Equal(2, next.Current);
        Assert.Null(choices.Handle(new TerminalEvent.Mouse(MouseAction.Press, 6, 12, KeyModifiers.None), Rows));
    }

    [Fact]
    public void Handle_EnterWithNothingFound_ChoosesNothing()
    {
        var choices = Choices.Of([new Choice("a")], TextField.Of("zzz"));
        Assert.False(choices.Handle(new TerminalEvent.KeyPressed(new KeyPress(Key.Enter)), Rows)!.Value.Chosen);
    }

    [Fact]
    public void Handle_MoveBeyondEnds_Stays()
    {
        var choices = Choices.Of([new Choice("a"), new Choice("b")]);
        Assert.Equal(0, Press(choices, Key.Up).Current);
        Assert.Equal(1, Press(Press(Press(choices, Key.Down), Key.Down), Key.PageDown).Current);
    }

    private static Choices Press(Choices choices, Key key) => choices.Handle(new TerminalEvent.KeyPressed(new KeyPress(key)), Rows)!.Value.Next;
}
