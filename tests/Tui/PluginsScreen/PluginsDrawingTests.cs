using LazyOC.Tui.Panels;
using LazyOC.Tui.PluginsScreen;
using LazyOC.Tui.Terminal;
using LazyOC.Tui.Tests.Screen;

namespace LazyOC.Tui.Tests.PluginsScreen;

public sealed class PluginsDrawingTests
{
    public static TheoryData<int, int> Sizes => new() { { 40, 12 }, { 80, 24 }, { 120, 40 }, { 200, 60 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void List_OfEveryState(int width, int height) => Verify(SamplePlugins.State, "list", width, height);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Details_Overview(int width, int height) => Verify(SamplePlugins.State with { InDetails = true }, "overview", width, height);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Details_Activity(int width, int height) => Verify(SamplePlugins.State with { InDetails = true, Tab = PluginTab.Activity }, "activity", width, height);

    [Theory]
    [InlineData("Permissions")]
    [InlineData("Log")]
    [InlineData("Audit")]
    public void Details_OtherTabs(string tab) =>
        Verify(SamplePlugins.State with { InDetails = true, Tab = Enum.Parse<PluginTab>(tab) }, tab.ToLowerInvariant(), 120, 40);

    [Fact]
    public void Details_OfQuarantined_TellsWhyAndHowToLift() => Verify(SamplePlugins.State with { Selected = 3 }, "quarantined", 120, 40);

    [Fact]
    public void List_Empty() => Verify(new PluginsState { Rows = [] }, "none", 80, 24);

    [Fact]
    public void Draw_EverySize_Succeeds()
    {
        foreach (var tab in Enum.GetValues<PluginTab>())
        {
            foreach (var inDetails in new[] { false, true })
            {
                for (var width = 1; width <= 130; width += 3)
                {
                    for (var height = 1; height <= 40; height += 2)
                        PluginsDrawing.Draw(new Canvas(new CellBuffer(width, height)), SamplePlugins.State with { Tab = tab, InDetails = inDetails, Scroll = 7 }, SamplePlugins.Now);
                }
            }
        }
    }

    private static void Verify(PluginsState state, string name, int width, int height)
    {
        var frame = new CellBuffer(width, height);
        var canvas = new Canvas(frame);
        HeaderPanel.Draw(canvas.Part(new Rect(0, 0, width, 1)), SampleScreens.Pods.Header);
        PluginsDrawing.Draw(canvas.Part(new Rect(0, 1, width, height - 1)), state, SamplePlugins.Now);
        Golden.Verify(frame, $"plugins-{name}-{width}x{height}");
    }
}
