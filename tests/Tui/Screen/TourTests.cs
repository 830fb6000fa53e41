using LazyOC.Tui.Screen;
using LazyOC.Tui.Screen.Touring;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Tests.Screen;

public sealed class TourTests
{
    private static readonly TourSight List = new(FocusedPanel.List) { Selected = "a", Tab = "Overview" };

    [Theory]
    [InlineData(0, 40, 12)]
    [InlineData(0, 80, 24)]
    [InlineData(0, 120, 40)]
    [InlineData(2, 120, 40)]
    [InlineData(7, 120, 40)]
    public void Card_OnTheScreen_IsTheGoldenScreen(int step, int width, int height)
    {
        var size = new FrameSize(width, height);
        var state = SampleScreens.Pods with { Focus = step == 2 ? FocusedPanel.Details : FocusedPanel.List };
        var frame = ScreenDrawing.Render(state, size);

        TourCard.Draw(new Canvas(frame), new Tour(step, List), "T", ScreenLayout.Of(size, state.Focus, hasDetails: true, state.List.Rows.Count));

        Golden.Verify(frame, $"tour-{step + 1}-{width}x{height}");
    }

    [Fact]
    public void Card_OnEveryTinyScreen_IsDrawnWithin()
    {
        for (var width = 1; width <= 90; width++)
        {
            for (var height = 1; height <= 24; height++)
            {
                var size = new FrameSize(width, height);
                foreach (var step in Enumerable.Range(0, Tour.Steps.Length))
                    TourCard.Draw(new Canvas(new CellBuffer(width, height)), new Tour(step, List), "T", ScreenLayout.Of(size, FocusedPanel.List, hasDetails: true, 10));
            }
        }
    }

    [Fact]
    public void Follow_WhatEachStepAsksFor_GoesOn_AndNothingElseDoes()
    {
        TourSight[] done =
        [
            List with { Selected = "b" },
            List with { Focus = FocusedPanel.Details },
            List with { Focus = FocusedPanel.Details, Tab = "Health" },
            List with { IsFiltering = true },
            List with { IsPage = true },
            List with { IsPalette = true },
            List with { IsPlugins = true },
        ];
        Assert.Equal(Tour.Steps.Length - 1, done.Length);
        for (var step = 0; step < Tour.Steps.Length; step++)
        {
            var tour = new Tour(step, List);
            Assert.Equal(step, tour.Follow(List)!.At);
            if (step < done.Length) Assert.Equal(step + 1, tour.Follow(done[step])!.At);
        }
    }

    [Fact]
    public void Next_AfterTheLastStep_EndsIt()
    {
        var tour = Tour.Begin(List);
        for (var step = 1; step < Tour.Steps.Length; step++) tour = tour!.Next(List);

        Assert.Equal(Tour.Steps.Length - 1, tour!.At);
        Assert.Null(tour.Next(List));
    }

    /// <summary>Rows that come only after the tour has begun are nothing that the user has done.</summary>
    [Fact]
    public void Follow_ObjectsThatArriveLater_DoNotGoOn()
    {
        var tour = Tour.Begin(new TourSight(FocusedPanel.List)).Follow(List)!;

        Assert.Equal(0, tour.At);
        Assert.Equal(1, tour.Follow(List with { Selected = "b" })!.At);
    }
}
