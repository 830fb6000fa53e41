using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;
using LazyOC.Tui.Widgets;

namespace LazyOC.Tui.PluginViews;

/// <summary>A form of a view; what was filled in stays while the plugin sends new content.</summary>
internal sealed class FormBlock : OperableBlock
{
    private readonly ViewNode.Form _form;
    private readonly int _width;
    private readonly PaneState _state;
    private readonly FormState _own;

    public FormBlock(string key, ViewNode.Form form, int width, PaneState state) : base(key)
    {
        (_form, _width, _state, _own) = (form, width, state, state.Of<FormState>(key));
        var fresh = FormPane.Of(form.Fields, form.Submit, form.Danger);
        _own.Pane = _own.Pane?.Over(fresh) ?? fresh;
    }

    public override bool TakesTyping => Pane.TakesTyping;

    public override int Height => Pane.HeightAt(_width);

    public override (int First, int End) FocusRows => Pane.FocusRows(_width);

    public override ImmutableArray<KeyHint> Hints => Pane.Hints;

    private FormPane Pane => _own.Pane!;

    public override void Draw(Canvas canvas, DrawPass pass) => Pane.Draw(canvas, pass.IsFocused(this));

    public override void Enter(bool fromBelow, int first, int end) => _own.Pane = Pane.Entered(fromBelow);

    public override ViewStep Handle(TerminalEvent input) => Take(Pane.Handle(input));

    public override ViewStep Click(int x, int y, bool hadFocus) => Take(Pane.Click(x, y, _width));

    private ViewStep Take(FormStep step)
    {
        switch (step)
        {
            case FormStep.Changed changed:
                _own.Pane = changed.Next;
                _state.Resize();
                return ViewStep.Taken;
            case FormStep.Submitted submitted:
                if (_form.Danger != DangerLevel.Destructive)
                    _own.Pane = Pane.Sent(); // otherwise the user may yet say no, and goes on with what was filled in
                return new ViewStep.Input(new ViewInput { Node = NodeKey, Event = ViewEvent.Submit, Values = submitted.Values }, _form.Danger, _form.Submit);
            default:
                return ViewStep.None;
        }
    }
}
