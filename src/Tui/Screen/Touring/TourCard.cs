using LazyOC.Tui.Overlays;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Screen.Touring;

/// <summary>Draws a step of the tour as a card in a corner, away from what the step is about; on a small terminal as one line.</summary>
internal static class TourCard
{
    private const int Width = 46;

    /// <summary>Smaller screens have no room for a card.</summary>
    private static readonly FrameSize CardFrom = new(72, 18);

    /// <param name="screen">The whole screen, drawn.</param>
    /// <param name="tour">Where it is.</param>
    /// <param name="next">The key that goes on.</param>
    /// <param name="layout">Where the panels stand.</param>
    public static void Draw(Canvas screen, Tour tour, string next, ScreenLayout layout)
    {
        var number = $"{tour.At + 1} of {Tour.Steps.Length}";
        var isLast = tour.At + 1 == Tour.Steps.Length;
        if (screen.Width < CardFrom.Width || screen.Height < CardFrom.Height)
        {
            DrawLine(screen, tour, $"{next} {(isLast ? "ends" : "next")} · esc leaves · {tour.At + 1}/{Tour.Steps.Length} ");
            return;
        }
        var text = new TextBlock(Width - 4).Add(Runs(tour.Step.Text));
        var height = text.Height + 2;
        var box = new Rect(screen.Width - Width - 2, TopOf(tour.Step.Place, layout, screen.Height, height), Width, height);
        var frame = new OverlayFrame("Tour") { Note = number, Tone = Tone.Accent, Hints = [new KeyHint(next, isLast ? "end" : "next"), new KeyHint("esc", "leave")] };
        text.Draw(frame.Draw(screen.Part(box)));
    }

    /// <summary>At the bottom, above the status bar; of a step about the details at the bottom of the list, so that they are in sight.</summary>
    private static int TopOf(FocusedPanel place, ScreenLayout layout, int screen, int height) =>
        place == FocusedPanel.Details && !layout.List.IsEmpty && !layout.Details.IsEmpty && layout.List.Height > height
            ? layout.List.Y + layout.List.Height - height - 1
            : Math.Max(0, screen - height - 2);

    private static void DrawLine(Canvas screen, Tour tour, string keys)
    {
        var y = Math.Max(0, screen.Height - 2);
        screen.Part(new Rect(0, y, screen.Width, 1)).Fill(Style.Plain);
        screen.LayRow(y, Surface.Raised);
        var room = Math.Max(0, screen.Width - CellText.WidthOf(keys) - 2);
        screen.Write(1, y, room, tour.Step.Short, Style.Plain.On(Surface.Raised));
        screen.Write(screen.Width - CellText.WidthOf(keys), y, keys, Style.Muted.On(Surface.Raised));
    }

    /// <summary>Keys as keys, the rest as text.</summary>
    private static IEnumerable<StyledText> Runs(string text) =>
        text.Split('`').Select((part, index) => new StyledText(part, index % 2 == 0 ? Style.Plain : new Style(Tone.Key).Bold())).Where(run => run.Text.Length > 0);
}
