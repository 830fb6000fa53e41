using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Tui.Layout;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Widgets;

/// <content>
/// How a form looks: a gutter with the bar of the focus, labels, fields on their own surface, and below each field what
/// is wrong with it, or its help.
/// </content>
internal sealed partial record FormPane
{
    private const int Gutter = 2;
    private const int Gap = 2;
    private const int WidestField = 48;

    /// <summary>Cells below which the label stands above its field.</summary>
    private const int NarrowField = 16;

    /// <summary>Options of an open list shown at a time.</summary>
    private const int ListHeight = 8;

    /// <summary>Rows the form takes.</summary>
    public int HeightAt(int width) => Layout(width).ButtonRow + 1;

    /// <summary>The rows of what has the focus: from the first to before the last.</summary>
    public (int First, int End) FocusRows(int width)
    {
        var layout = Layout(width);
        if (Focus >= Fields.Length)
            return (layout.ButtonRow, layout.ButtonRow + 1);
        return (layout.Tops[Focus], layout.Tops[Focus + 1]);
    }

    /// <summary>Draws the form from the top of its canvas; returns the rows it takes.</summary>
    public int Draw(Canvas canvas, bool focused)
    {
        var layout = Layout(canvas.Width);
        var (first, end) = canvas.VisibleRows;
        for (var i = 0; i < Fields.Length; i++)
        {
            if (layout.Tops[i] < end && layout.Tops[i + 1] > first)
                DrawField(canvas, i, layout, focused && i == Focus);
        }
        DrawButton(canvas, layout.ButtonRow, focused && Focus >= Fields.Length);
        return layout.ButtonRow + 1;
    }

    /// <summary>Takes a press of the mouse at a place on the canvas the form was drawn on.</summary>
    public FormStep Click(int x, int y, int width)
    {
        var layout = Layout(width);
        if (y == layout.ButtonRow)
            return x >= Gutter && x < Gutter + CellText.WidthOf(ButtonText) ? (this with { Focus = Fields.Length }).TrySubmit() : Ignored;
        var index = Array.FindLastIndex(layout.Tops, Fields.Length - 1, top => top <= y);
        if (index < 0 || y >= layout.Tops[Fields.Length])
            return Ignored;
        var inField = y - layout.FieldRow(index);
        return Values[index] switch
        {
            FieldValue.Choice { IsOpen: true } list when inField > 0 && inField <= ListRows(index) =>
                Change(index, new FieldValue.Choice(FirstListed(index, list) + inField - 1)),
            FieldValue.Choice choice when inField == 0 => Change(index, choice with { IsOpen = !choice.IsOpen }, isEdit: false),
            FieldValue.Switch toggle when inField == 0 => Change(index, new FieldValue.Switch(!toggle.IsOn)),
            FieldValue.Line line when inField == 0 => new FormStep.Changed(this with
            {
                Focus = index,
                IsEditing = true,
                Values = Values.SetItem(index, new FieldValue.Line(line.Field.At(x - layout.FieldX, layout.FieldWidth, index == Focus && TakesTyping))),
            }),
            _ => new FormStep.Changed(this with { Focus = index, IsEditing = false }),
        };
    }

    private string ButtonText => Danger == DangerLevel.Destructive ? $"[ ! {Submit} ]" : $"[ {Submit} ]";

    private FormLayout Layout(int width)
    {
        var labels = 0;
        foreach (var field in Fields)
            labels = Math.Max(labels, CellText.WidthOf(field.Label, width) + (field.Required ? 2 : 0));
        labels = Math.Min(labels, Math.Max(8, width / 3));
        var isStacked = width - Gutter - labels - Gap < NarrowField;
        var x = isStacked ? Gutter : Gutter + labels + Gap;
        var layout = new FormLayout(isStacked, labels, x, Math.Clamp(width - x, 0, WidestField), new int[Fields.Length + 1], new List<StyledText[]>[Fields.Length]);
        for (var i = 0; i < Fields.Length; i++)
        {
            var note = Problems[i] is { } problem ? new StyledText($"✗ {problem}", Style.Error) : new StyledText(Fields[i].Help ?? "", Style.Muted);
            layout.Notes[i] = note.Text.Length == 0 ? [] : TextWrap.Lines([note], Math.Max(1, width - x));
            layout.Tops[i + 1] = layout.FieldRow(i) + 1 + ListRows(i) + layout.Notes[i].Count;
        }
        return layout;
    }

    private int ListRows(int index) => Values[index] is FieldValue.Choice { IsOpen: true } ? Math.Min(ListHeight, Fields[index].Options.Length) : 0;

    private int FirstListed(int index, FieldValue.Choice list) => Table.TopFor(Math.Max(0, list.Index), Fields[index].Options.Length, ListRows(index));

    private void DrawField(Canvas canvas, int index, FormLayout layout, bool focused)
    {
        var (field, top, y) = (Fields[index], layout.Tops[index], layout.FieldRow(index));
        if (focused)
            canvas.Write(0, y, "▌", new Style(Tone.Focus));
        var labelWidth = layout.IsStacked ? canvas.Width - Gutter : layout.LabelWidth;
        var label = Math.Min(CellText.WidthOf(field.Label, labelWidth), Math.Max(0, labelWidth - (field.Required ? 2 : 0)));
        canvas.Write(Gutter, top, label, field.Label, focused ? Style.Strong : Style.Plain);
        if (field.Required)
            canvas.Write(Gutter + label + 1, top, "*", Style.Accent);
        DrawValue(canvas.Part(new Rect(layout.FieldX, y, layout.FieldWidth, 1)), index, focused);
        y++;
        if (Values[index] is FieldValue.Choice { IsOpen: true } list)
            y += DrawList(canvas, index, list, layout.FieldX, y);
        foreach (var line in layout.Notes[index])
            canvas.Write(layout.FieldX, y++, line.Length > 0 ? line[0].Text : "", line.Length > 0 ? line[0].Style : Style.Plain);
    }

    private void DrawValue(Canvas canvas, int index, bool focused)
    {
        var surface = focused ? Surface.Selected : Surface.Field;
        switch (Values[index])
        {
            case FieldValue.Line line:
                line.Field.Draw(canvas, 0, 0, canvas.Width, focused && TakesTyping);
                if (focused && !TakesTyping)
                    canvas.LayRow(0, surface);
                break;
            case FieldValue.Choice choice:
                var text = choice.Index >= 0 ? Fields[index].Options[choice.Index].Label : "choose";
                var shown = Math.Min(CellText.WidthOf(text, canvas.Width), Math.Max(0, canvas.Width - 4));
                canvas.Write(0, 0, "‹ ", new Style(focused ? Tone.Focus : Tone.Muted, surface));
                canvas.Write(2, 0, shown, text, (choice.Index >= 0 ? Style.Plain : Style.Muted).On(surface));
                canvas.Write(2 + shown, 0, " ›", new Style(focused ? Tone.Focus : Tone.Muted, surface));
                break;
            case FieldValue.Switch toggle:
                canvas.Write(0, 0, toggle.IsOn ? "[x]" : "[ ]", new Style(toggle.IsOn ? Tone.Accent : Tone.Plain, focused ? surface : Surface.Base));
                break;
        }
    }

    private int DrawList(Canvas canvas, int index, FieldValue.Choice list, int x, int y)
    {
        var (rows, first) = (ListRows(index), FirstListed(index, list));
        for (var row = 0; row < rows; row++)
        {
            var isChosen = first + row == list.Index;
            canvas.Write(x, y + row, isChosen ? "▸ " : "  ", Style.Accent);
            canvas.Write(x + 2, y + row, Math.Max(0, canvas.Width - x - 2), Fields[index].Options[first + row].Label, isChosen ? Style.Accent.Bold() : Style.Plain);
        }
        return rows;
    }

    private void DrawButton(Canvas canvas, int y, bool focused)
    {
        if (focused)
            canvas.Write(0, y, "▌", new Style(Tone.Focus));
        var tone = Danger == DangerLevel.Destructive ? Tone.Error : focused ? Tone.Focus : Tone.Accent;
        canvas.Write(Gutter, y, Math.Max(0, canvas.Width - Gutter), ButtonText, new Style(tone, focused ? Surface.Selected : Surface.Raised, TextAttributes.Bold));
    }

    /// <summary>Where the parts of a form stand at one width.</summary>
    /// <param name="IsStacked">Whether labels stand above their fields.</param>
    /// <param name="LabelWidth">Cells of a label beside its field.</param>
    /// <param name="FieldX">Left edge of the fields.</param>
    /// <param name="FieldWidth">Cells of a field.</param>
    /// <param name="Tops">First row of each field, and the row below the last.</param>
    /// <param name="Notes">Lines below each field.</param>
    private sealed record FormLayout(bool IsStacked, int LabelWidth, int FieldX, int FieldWidth, int[] Tops, List<StyledText[]>[] Notes)
    {
        public int ButtonRow => Tops.Length == 1 ? 0 : Tops[^1] + 1;

        public int FieldRow(int index) => Tops[index] + (IsStacked ? 1 : 0);
    }
}
