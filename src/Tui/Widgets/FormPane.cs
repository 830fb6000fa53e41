using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Widgets;

/// <summary>What came of an event that a form was given.</summary>
internal abstract record FormStep
{
    private FormStep() { }

    /// <summary>It was not for the form.</summary>
    public sealed record Ignored : FormStep;

    /// <summary>The form goes on as this.</summary>
    public sealed record Changed(FormPane Next) : FormStep;

    /// <summary>The user submitted values that the rules accept.</summary>
    public sealed record Submitted(JsonElement Values) : FormStep;
}

/// <summary>
/// A form that is being filled in: of a view, or of a dialog of the host. Immutable.
/// <para>Up and down (and in a dialog or while editing tab and shift-tab) move between the fields and the button. Enter
/// edits a line or moves on from it, opens a list, flips a switch, presses the button; space does the same except in a
/// line; left and right step through the options of a select. Escape closes a list or ends editing. In a dialog every
/// line is edited as soon as it has the focus, and enter in the last one submits.</para>
/// </summary>
internal sealed partial record FormPane
{
    private static readonly FormStep Ignored = new FormStep.Ignored();

    public required ImmutableArray<FormField> Fields { get; init; }

    /// <summary>Text of the button.</summary>
    public required string Submit { get; init; }

    public DangerLevel Danger { get; init; }

    /// <summary>Whether the form has all the keys, so that lines need not be entered before one types.</summary>
    public bool IsDialog { get; init; }

    /// <summary>The field that has the focus; the number of fields means the button.</summary>
    public int Focus { get; private init; }

    /// <summary>What the fields hold, one each.</summary>
    public required ImmutableArray<FieldValue> Values { get; init; }

    /// <summary>Which fields the user has changed.</summary>
    private ImmutableArray<bool> Touched { get; init; } = [];

    /// <summary>What is wrong with each field; null for nothing that is known.</summary>
    private ImmutableArray<string?> Problems { get; init; } = [];

    private bool IsEditing { get; init; }

    /// <summary>Whether keys that type go into the form: a line is being edited or a list is open.</summary>
    public bool TakesTyping => Focused switch
    {
        FieldValue.Line => IsDialog || IsEditing,
        FieldValue.Choice choice => choice.IsOpen,
        _ => false,
    };

    /// <summary>The keys of what has the focus.</summary>
    public ImmutableArray<KeyHint> Hints => Focused switch
    {
        FieldValue.Line when TakesTyping => [new("enter", "next field"), new("esc", IsDialog ? "cancel" : "done")],
        FieldValue.Line => [new("enter", "edit")],
        FieldValue.Choice { IsOpen: true } => [new("↑↓", "choose"), new("enter", "take it")],
        FieldValue.Choice => [new("←→", "choose"), new("enter", "list")],
        FieldValue.Switch => [new("space", "switch")],
        _ => [new("enter", Submit)],
    };

    private FieldValue? Focused => Focus < Values.Length ? Values[Focus] : null;

    /// <summary>A form whose fields hold their first values.</summary>
    public static FormPane Of(ImmutableArray<FormField> fields, string submit, DangerLevel danger = DangerLevel.None) => new()
    {
        Fields = fields,
        Submit = submit,
        Danger = danger,
        Values = [.. fields.Select(FieldValue.Of)],
        Touched = [.. fields.Select(_ => false)],
        Problems = [.. fields.Select(_ => (string?)null)],
    };

    /// <summary>A newer definition of this form: what the user has changed stays, by the name and kind of the field, and so does the focus.</summary>
    public FormPane Over(FormPane newer)
    {
        var (values, touched, problems) = (newer.Values.ToBuilder(), newer.Touched.ToBuilder(), newer.Problems.ToBuilder());
        var focus = Focus >= Fields.Length ? newer.Fields.Length : 0;
        var editing = false;
        for (var i = 0; i < newer.Fields.Length; i++)
        {
            if (IndexOf(newer.Fields[i].Name) is not (>= 0 and var old) || Fields[old].Kind != newer.Fields[i].Kind)
                continue;
            if (old == Focus)
                (focus, editing) = (i, IsEditing);
            if (!Touched[old] || Values[old] is FieldValue.Choice choice && choice.Index >= newer.Fields[i].Options.Length)
                continue;
            (values[i], touched[i], problems[i]) = (Values[old], true, Problems[old]);
        }
        return newer with { Values = values.ToImmutable(), Touched = touched.ToImmutable(), Problems = problems.ToImmutable(), Focus = focus, IsEditing = editing, IsDialog = IsDialog };
    }

    /// <summary>The form after its values were sent: a newer definition brings newer values.</summary>
    public FormPane Sent() => this with { Touched = [.. Touched.Select(_ => false)], IsEditing = false };

    /// <summary>The form with the focus on its first field, or on its button.</summary>
    public FormPane Entered(bool fromBelow) => this with { Focus = fromBelow ? Fields.Length : 0, IsEditing = false };

    /// <summary>Takes a key press or a paste; the mouse goes to <see cref="Click"/>.</summary>
    public FormStep Handle(TerminalEvent input) => input switch
    {
        TerminalEvent.Pasted when TakesTyping => EditLine(input),
        TerminalEvent.KeyPressed { Press: var press } => Focused switch
        {
            FieldValue.Choice { IsOpen: true } list => InList(list, press),
            FieldValue.Line when TakesTyping && IsLineKey(press) => EditLine(input),
            _ => OnField(press),
        },
        _ => Ignored,
    };

    /// <summary>The values as JSON: an object from field name to value, null for what was left empty.</summary>
    public JsonElement ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            for (var i = 0; i < Fields.Length; i++)
            {
                writer.WritePropertyName(Fields[i].Name);
                Values[i].Write(writer, Fields[i]);
            }
            writer.WriteEndObject();
        }
        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }

    private static bool IsLineKey(KeyPress press) => press.Key is not (Key.Enter or Key.Escape or Key.Tab or Key.Up or Key.Down);

    private FormStep EditLine(TerminalEvent input) =>
        Focused is FieldValue.Line line && line.Field.TryHandle(input, out var field)
            ? Change(Focus, new FieldValue.Line(field), isEdit: field.Text != line.Field.Text)
            : Ignored;

    private FormStep OnField(KeyPress press) => press.Key switch
    {
        Key.Up => MoveTo(Focus - 1),
        Key.Down => MoveTo(Focus + 1),
        Key.Tab when IsDialog || IsEditing => MoveTo(press.Modifiers.HasFlag(KeyModifiers.Shift) ? Focus - 1 : Focus + 1),
        Key.Escape when IsEditing && !IsDialog => new FormStep.Changed(this with { IsEditing = false }),
        Key.Enter => Operate(),
        Key.Character when press.IsText && press.Rune.Value == ' ' => Operate(),
        Key.Left when Focused is FieldValue.Choice choice => Step(choice, -1),
        Key.Right when Focused is FieldValue.Choice choice => Step(choice, 1),
        _ => Ignored,
    };

    private FormStep InList(FieldValue.Choice list, KeyPress press) => press.Key switch
    {
        Key.Up => Change(Focus, list with { Index = Math.Max(0, list.Index - 1) }),
        Key.Down => Change(Focus, list with { Index = Math.Min(Fields[Focus].Options.Length - 1, list.Index + 1) }),
        Key.Home => Change(Focus, list with { Index = 0 }),
        Key.End => Change(Focus, list with { Index = Fields[Focus].Options.Length - 1 }),
        Key.Tab => ((FormStep.Changed)Change(Focus, list with { IsOpen = false })).Next.OnField(press),
        _ => Change(Focus, list with { IsOpen = false }, isEdit: false),
    };

    private FormStep Step(FieldValue.Choice choice, int by)
    {
        var count = Fields[Focus].Options.Length;
        return count == 0 ? Ignored : Change(Focus, choice with { Index = (Math.Max(choice.Index, by > 0 ? -1 : 0) + by + count) % count });
    }

    private FormStep Operate() => Focused switch
    {
        FieldValue.Switch toggle => Change(Focus, new FieldValue.Switch(!toggle.IsOn)),
        FieldValue.Choice choice => Change(Focus, choice with { IsOpen = true }, isEdit: false),
        FieldValue.Line when !TakesTyping => new FormStep.Changed(this with { IsEditing = true }),
        FieldValue.Line when IsDialog && Focus == Fields.Length - 1 => TrySubmit(),
        FieldValue.Line => MoveTo(Focus + 1),
        _ => TrySubmit(),
    };

    private FormStep Change(int index, FieldValue value, bool isEdit = true) => new FormStep.Changed(this with
    {
        Focus = index,
        Values = Values.SetItem(index, value),
        Touched = isEdit ? Touched.SetItem(index, true) : Touched,
        Problems = isEdit ? Problems.SetItem(index, null) : Problems,
    });

    /// <summary>Moves the focus, round in a dialog and out of a view's form; what is left behind is held to the rules when it was changed.</summary>
    private FormStep MoveTo(int focus)
    {
        var count = Fields.Length + 1;
        if (focus < 0 || focus >= count)
        {
            if (!IsDialog && !IsEditing)
                return Ignored;
            focus = (focus + count) % count;
        }
        return new FormStep.Changed(this with
        {
            Focus = focus,
            Problems = Focus < Fields.Length && Touched[Focus] ? Problems.SetItem(Focus, ProblemsOf(ToJson())[Focus]) : Problems,
        });
    }

    private FormStep TrySubmit()
    {
        var values = ToJson();
        var problems = ProblemsOf(values);
        var first = problems.IndexOf(problems.FirstOrDefault(p => p is not null));
        return problems.All(p => p is null)
            ? new FormStep.Submitted(values)
            : new FormStep.Changed(this with { Problems = problems, Focus = first, Touched = [.. Touched.Select(_ => true)] });
    }

    private ImmutableArray<string?> ProblemsOf(JsonElement values)
    {
        var problems = FormRules.CheckValues(Fields, values);
        return [.. Fields.Select(field => problems.FirstOrDefault(p => p.Where == field.Name)?.Message)];
    }

    private int IndexOf(string name)
    {
        for (var i = 0; i < Fields.Length; i++)
        {
            if (Fields[i].Name == name)
                return i;
        }
        return -1;
    }
}
