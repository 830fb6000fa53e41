using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.Terminal;
using LazyOC.Tui.Widgets;

namespace LazyOC.Tui.Tests.Widgets;

public sealed class FormPaneTests
{
    private static readonly ImmutableArray<FormField> Fields =
    [
        new() { Name = "name", Label = "Name", Kind = FieldKind.Text, Required = true, Pattern = "[a-z]+", Help = "Lower-case letters" },
        new() { Name = "replicas", Label = "Replicas", Kind = FieldKind.Number, Value = Json("3"), Min = 0, Max = 10 },
        new() { Name = "strategy", Label = "Strategy", Kind = FieldKind.Select, Options = [new() { Value = "rolling", Label = "Rolling update" }, new() { Value = "recreate", Label = "Recreate" }, new() { Value = "none", Label = "None" }] },
        new() { Name = "wait", Label = "Wait", Kind = FieldKind.Toggle },
        new() { Name = "token", Label = "Token", Kind = FieldKind.Secret },
    ];

    private static FormPane Dialog => FormPane.Of(Fields, "Apply") with { IsDialog = true };

    [Fact]
    public void Handle_DialogFilledInByKeys_SubmitsTheValues()
    {
        var pane = Typed(Dialog, "web down backspace 5 down right right down space down s3cret");
        var step = pane.Handle(Input.Key("enter"));
        var values = Assert.IsType<FormStep.Submitted>(step).Values;
        Assert.Equal("""{"name":"web","replicas":5,"strategy":"recreate","wait":true,"token":"s3cret"}""", values.GetRawText());
    }

    [Fact]
    public void Handle_SubmitOfWrongValues_ShowsEachProblemAndGoesToTheFirst()
    {
        var pane = Typed(Dialog, "down backspace 77 up up enter");
        Assert.Equal(0, pane.Focus);
        Golden.Verify(Drawn(pane, 60, 12), "form-problems-60x12");
    }

    [Fact]
    public void Handle_LeavingAChangedField_ShowsItsProblem()
    {
        var pane = Typed(Dialog, "W");
        Assert.DoesNotContain("must match", Text(pane), StringComparison.Ordinal);
        pane = Typed(pane, "down");
        Assert.Contains("✗ must match `[a-z]+`", Text(pane), StringComparison.Ordinal);
        Assert.DoesNotContain("must match", Text(Typed(pane, "up backspace w")), StringComparison.Ordinal);
    }

    [Fact]
    public void Draw_Fields_IsTheGoldenScreen()
    {
        var pane = Typed(Dialog, "frontend down down enter down");
        Golden.Verify(Drawn(pane, 60, 16), "form-60x16");
        Golden.Verify(Drawn(pane, 24, 20), "form-24x20");
        Golden.Verify(Drawn(FormPane.Of(Fields, "Apply"), 60, 12), "form-view-60x12");
    }

    [Fact]
    public void Handle_FormOfAView_TypesOnlyWhileALineIsEdited()
    {
        var pane = FormPane.Of(Fields, "Apply");
        Assert.False(pane.TakesTyping);
        Assert.IsType<FormStep.Ignored>(pane.Handle(Input.Key("d")));
        Assert.IsType<FormStep.Ignored>(pane.Handle(Input.Key("tab")));
        Assert.IsType<FormStep.Ignored>(pane.Handle(Input.Key("up")));
        pane = Typed(pane, "enter d tab");
        Assert.Equal(1, pane.Focus);
        pane = Typed(pane, "escape");
        Assert.False(pane.TakesTyping);
        Assert.Equal("d", pane.ToJson().GetProperty("name").GetString());
    }

    [Fact]
    public void Over_NewerDefinition_KeepsWhatWasTypedByName()
    {
        var pane = Typed(Dialog, "web down");
        ImmutableArray<FormField> newer = [new() { Name = "extra", Label = "Extra", Kind = FieldKind.Text }, Fields[1] with { Value = Json("7") }, Fields[0] with { Value = Json("\"other\"") }];
        var next = pane.Over(FormPane.Of(newer, "Go"));
        Assert.Equal("""{"extra":null,"replicas":7,"name":"web"}""", next.ToJson().GetRawText());
        Assert.Equal(1, next.Focus);
        Assert.Equal("Go", next.Submit);
    }

    [Fact]
    public void Click_FieldsOptionsAndButton_OperateThem()
    {
        var pane = Dialog;
        var rows = Text(pane).Split('\n');
        pane = Clicked(pane, 20, Array.FindIndex(rows, r => r.Contains("Strategy", StringComparison.Ordinal)));
        rows = Text(pane).Split('\n');
        pane = Clicked(pane, 20, Array.FindIndex(rows, r => r.Contains("Recreate", StringComparison.Ordinal)));
        rows = Text(pane).Split('\n');
        pane = Clicked(pane, 14, Array.FindIndex(rows, r => r.Contains("[ ]", StringComparison.Ordinal)));
        pane = Typed(Clicked(pane, 14, 0), "web");
        rows = Text(pane).Split('\n');
        var step = pane.Click(4, Array.FindIndex(rows, r => r.Contains("[ Apply ]", StringComparison.Ordinal)), 60);
        Assert.Equal("""{"name":"web","replicas":3,"strategy":"recreate","wait":true,"token":null}""", Assert.IsType<FormStep.Submitted>(step).Values.GetRawText());
    }

    [Fact]
    public void Draw_Secret_IsNeverShown()
    {
        var pane = Typed(Dialog, "down down down down hunter2");
        Assert.Contains("•••••••", Text(pane), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", Text(pane), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("1e999")]
    [InlineData("0x10")]
    [InlineData("7,5")]
    public void Handle_NoNumber_IsRefused(string text)
    {
        var pane = Typed(Dialog, "web down backspace").Handle(new TerminalEvent.Pasted(text));
        var next = Typed(Assert.IsType<FormStep.Changed>(pane).Next, "down down down enter");
        Assert.Contains("✗ must be a number", Text(next), StringComparison.Ordinal);
    }

    private static FormPane Clicked(FormPane pane, int x, int y) => Assert.IsType<FormStep.Changed>(pane.Click(x, y, 60)).Next;

    /// <summary>Presses keys; a word that is no key is typed letter by letter.</summary>
    private static FormPane Typed(FormPane pane, string keys)
    {
        foreach (var word in keys.Split(' '))
        {
            IEnumerable<TerminalEvent> presses = KeyPress.TryParse(word, out _) ? [Input.Key(word)] : word.Select(c => Input.Key(c.ToString()));
            foreach (var press in presses)
                pane = pane.Handle(press) is FormStep.Changed changed ? changed.Next : pane;
        }
        return pane;
    }

    private static string Text(FormPane pane) => Golden.Text(Drawn(pane, 60, 20));

    private static CellBuffer Drawn(FormPane pane, int width, int height)
    {
        var frame = new CellBuffer(width, height);
        Assert.Equal(pane.HeightAt(width), pane.Draw(new Canvas(frame), focused: true));
        return frame;
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
