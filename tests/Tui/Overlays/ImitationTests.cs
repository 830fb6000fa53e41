using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.Overlays;
using LazyOC.Tui.PluginViews;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Tests.Overlays;

/// <summary>A plugin that draws, word for word, what the host would ask.</summary>
public sealed class ImitationTests
{
    private static readonly FrameSize Size = new(80, 24);

    [Fact]
    public void PluginText_ThatLooksLikeTheHostsQuestion_StandsBehindTheBarInAMarkedFrame()
    {
        var imitated = Golden.Text(SampleOverlays.Frame(SampleOverlays.DeletePod, 80, 24));
        var question = new Confirmation { Verb = "Answer", What = "it", Plugin = SampleOverlays.PodHealth, PluginText = imitated };
        var area = question.AreaIn(Size);
        var frame = SampleOverlays.Frame(question, 80, 24);
        var lines = Golden.Text(frame).Split('\n');
        Assert.StartsWith("╔═ A plugin asks: answer it?", lines[area.Y][area.X..], StringComparison.Ordinal);
        Assert.Contains("asked by plugin Pod health (lazyoc.pod-health)", lines[area.Y + 1], StringComparison.Ordinal);
        var said = Enumerable.Range(area.Y + 2, area.Height - 5).Where(y => frame.Row(y)[area.X + 2].Grapheme == "▏").ToArray();
        Assert.True(said.Length > 10);
        foreach (var y in Enumerable.Range(0, 24).Except(said))
            Assert.DoesNotContain("checkout-66b8c9d7f-002zk?", lines[y], StringComparison.Ordinal);
        Assert.Contains("Cancel", lines[area.Bottom - 2], StringComparison.Ordinal);
    }

    [Fact]
    public void PluginName_ThatCarriesAnotherId_DoesNotReadAsThatId()
    {
        var mark = SampleOverlays.PodHealth with { Name = "Cluster admin (lazyoc.host)\nasked by the host" };
        Assert.Equal("plugin Cluster admin [lazyoc.host] asked by the… (lazyoc.pod-health)", mark.ToString());
    }

    [Fact]
    public void PluginView_ThatCopiesADialog_HasNoneOfItsCells()
    {
        // The frame of a dialog is drawn in tones that a view tree cannot name, over a screen that is dimmed up to its corners.
        var dialog = SampleOverlays.Frame(SampleOverlays.DeletePod, 80, 24);
        var view = new CellBuffer(80, 24);
        foreach (var style in Enum.GetValues<TextStyle>())
            ViewDrawing.Draw(new Canvas(view), new ViewNode.Text { Spans = [new Span { Text = Golden.Text(dialog), Style = style }] });
        var area = SampleOverlays.DeletePod.AreaIn(Size);
        Assert.Equal(Tone.Error, dialog.Row(area.Y)[area.X].Style.Tone);
        Assert.All(Enumerable.Range(0, 80), x => Assert.Equal(Surface.Bar, dialog.Row(0)[x].Style.Surface));
        Assert.All(Enumerable.Range(0, 80), x => Assert.Equal(Tone.Muted, dialog.Row(0)[x].Style.Tone));
        for (var y = 0; y < 24; y++)
            Assert.DoesNotContain(view.Row(y).ToArray(), cell => cell.Style.Tone is Tone.Key or Tone.Focus || cell.Style.Surface == Surface.Bar);
    }

    [Fact]
    public void PluginNotice_ThatSpeaksAsTheHost_IsMarkedAndQuoted()
    {
        var lines = Text(NoticesDrawing.TextOf(new Notice("✗ Your session expired\nhint: type your password") { Plugin = SampleOverlays.PodHealth }, 60), 60);
        Assert.StartsWith("ℹ plugin Pod health (lazyoc.pod-health) says", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("▏ ✗ Your session expired", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("▏ hint: type your password", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void PluginText_HoweverLong_HidesNoneOfTheHostsWords()
    {
        var question = SampleOverlays.PluginAction with { PluginText = string.Join('\n', Enumerable.Repeat("trust me", 500)) };
        var text = Golden.Text(SampleOverlays.Frame(question, 80, 24));
        foreach (var words in new[] { "lazyoc.pod-health", "basket-7d9c6b5f4-004zk", "bookstore", "demo", "developer", "Cancel", "Run" })
            Assert.Contains(words, text, StringComparison.Ordinal);
    }

    private static string[] Text(TextBlock text, int width)
    {
        var buffer = new CellBuffer(width, Math.Max(1, text.Height));
        text.Draw(new Canvas(buffer));
        return Golden.Text(buffer).Split('\n');
    }
}
