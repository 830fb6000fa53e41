using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Panels;

/// <summary>The top line: which cluster, project, user, server, and whether it answers.</summary>
internal static class HeaderPanel
{
    public static void Draw(Canvas canvas, HeaderState header)
    {
        canvas.Fill(Style.Plain.On(Surface.Bar));
        var connection = $"● {header.Connection.Text} ";
        var right = canvas.Width >= 40 ? CellText.WidthOf(connection) : 2;
        var x = 1;
        if (canvas.Width >= 60)
            x += canvas.Write(x, 0, "LazyOC  ", new Style(Tone.Accent, Surface.Bar, TextAttributes.Bold));
        foreach (var (label, text) in Facts(header))
        {
            var title = canvas.Width >= 60 ? label + " " : "";
            var width = CellText.WidthOf(title) + CellText.WidthOf(text);
            if (x > 1 && x + width + right > canvas.Width)
                break; // the facts stand in the order of their weight
            x += canvas.Write(x, 0, title, Style.Muted.On(Surface.Bar));
            var room = Math.Max(0, canvas.Width - right - x);
            canvas.Write(x, 0, room, text, Style.Strong.On(Surface.Bar));
            x += Math.Min(room, CellText.WidthOf(text)) + 2;
        }
        canvas.Write(canvas.Width - right, 0, right, connection, new Style(header.Connection.Tone, Surface.Bar));
    }

    private static IEnumerable<(string Label, string Text)> Facts(HeaderState header)
    {
        yield return ("context", header.Context);
        yield return (header.IsOpenShift ? "project" : "namespace", header.Namespace ?? "all");
        if (header.ReadOnly)
            yield return ("mode", "read-only");
        yield return ("user", header.User);
        if (header.ServerVersion is { } version)
            yield return (header.IsOpenShift ? "OpenShift, Kubernetes" : "Kubernetes", version);
    }
}
