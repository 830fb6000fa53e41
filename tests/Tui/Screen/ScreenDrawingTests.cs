using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.Screen;

namespace LazyOC.Tui.Tests.Screen;

public sealed class ScreenDrawingTests
{
    public static TheoryData<int, int> Sizes => new() { { 40, 12 }, { 80, 24 }, { 120, 40 }, { 160, 48 }, { 200, 60 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Render_PodsWithPlugins_IsTheGoldenScreen(int width, int height) =>
        Golden.Verify(ScreenDrawing.Render(SampleScreens.Pods, new FrameSize(width, height)), $"pods-{width}x{height}");

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Render_ObjectView_IsTheGoldenScreen(int width, int height) =>
        Golden.Verify(ScreenDrawing.Render(SampleScreens.Pods with { Focus = FocusedPanel.Details }, new FrameSize(width, height)), $"pod-{width}x{height}");

    [Fact]
    public void Render_FaultedPlugins_NamePluginCauseAndHint() =>
        Golden.Verify(ScreenDrawing.Render(SampleScreens.Faulted, new FrameSize(120, 40)), "faulted-120x40");

    [Fact]
    public void Render_FocusOnNavigationInNarrowTerminal_ShowsOnlyIt() =>
        Golden.Verify(ScreenDrawing.Render(SampleScreens.Pods with { Focus = FocusedPanel.Navigation }, new FrameSize(40, 12)), "navigation-40x12");

    [Fact]
    public void Render_EveryTinySize_Succeeds()
    {
        foreach (var state in new[] { SampleScreens.Pods, SampleScreens.Faulted, SampleScreens.Pods with { Details = null } })
        {
            foreach (var focus in Enum.GetValues<FocusedPanel>())
            {
                for (var width = 1; width <= 60; width++)
                {
                    for (var height = 1; height <= 40; height++)
                    {
                        var frame = ScreenDrawing.Render(state with { Focus = focus }, new FrameSize(width, height));
                        Assert.Equal((width, height), (frame.Width, frame.Height));
                    }
                }
            }
        }
    }

    [Fact]
    public void Render_Twice_GivesTheSameCells()
    {
        var size = new FrameSize(160, 48);
        Assert.Equal(Golden.Text(ScreenDrawing.Render(SampleScreens.Pods, size)), Golden.Text(ScreenDrawing.Render(SampleScreens.Pods, size)));
    }

    [Fact]
    public void Render_ListMessage_StandsInPlaceOfRows()
    {
        var state = SampleScreens.Pods with { Details = null, List = SampleScreens.Pods.List with { Message = new ViewNode.Empty { Message = "No pods in bookstore" } } };
        Assert.Contains("No pods in bookstore", Golden.Text(ScreenDrawing.Render(state, new FrameSize(80, 24))), StringComparison.Ordinal);
    }
}
