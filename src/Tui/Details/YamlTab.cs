using System.Collections.Immutable;
using LazyOC.Tui.Details.Text;
using LazyOC.Tui.Panels;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Details;

/// <summary>The object as YAML. What a Secret holds is hidden until the user asks for it.</summary>
internal sealed class YamlTab(ObjectSource source, string objectName, ChangeSignal changed, TuiLimits limits) : DetailsTab
{
    private readonly TextPane _pane = new();
    private YamlLines? _lines;
    private Task<YamlLines>? _writing;
    private (int Generation, YamlOptions Options) _written;
    private bool _managedFields;
    private bool _reveal;

    public override string Title => "YAML";

    public override string? Pending => _lines is null && source.State is { Failure: null, GoneSince: null } ? $"tab YAML of {objectName}" : null;

    public override bool IsTyping => _pane.IsTyping;

    public override string? SelectedText => _pane.CurrentMatch;

    public override string? WholeText => _lines?.Text;

    public override IEnumerable<StyledText> Notes => IsSecret
        ? [_reveal ? new StyledText("▲ the values of this Secret are shown; x hides them", new Style(Tone.Warn)) : new StyledText("values are hidden; x shows them", Style.Muted)]
        : [];

    public override ImmutableArray<KeyHint> Hints =>
    [
        new("/", "search"), new("w", "wrap"), new("m", _managedFields ? "hide managed fields" : "managed fields"),
        .. IsSecret ? (ReadOnlySpan<KeyHint>)[new("x", _reveal ? "hide values" : "show values")] : [],
    ];

    public override void Advance(FrameSize size)
    {
        source.Advance();
        if (_writing is { IsCompleted: true } done)
            (_lines, _writing) = (done.GetAwaiter().GetResult(), null);
        var state = source.State;
        var wanted = (state.Generation, new YamlOptions(limits.YamlCharacters, _managedFields, _reveal));
        if (_writing is not null || state.Root is not { } root || wanted == _written)
            return;
        _written = wanted;
        _writing = Task.Run(() => new YamlLines(YamlText.Of(root, wanted.Item2), limits));
        _ = _writing.ContinueWith(_ => changed.Raise(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public override TabContent Compose(FrameSize size) =>
        _lines is { } lines ? new TabContent.Lines(_pane.Compose(lines, size)) : ObjectContent.Missing(source.State, Title, objectName);

    public override bool Handle(TerminalEvent input)
    {
        if (_pane.Handle(input))
            return true;
        switch (input is TerminalEvent.KeyPressed { Press: var press } ? press.ToString() : null)
        {
            case "m":
                _managedFields = !_managedFields;
                return true;
            case "x" when IsSecret:
                _reveal = !_reveal;
                return true;
            default:
                return false;
        }
    }

    public override void Dispose() { }

    private bool IsSecret => source.State.Root is { } root && YamlText.IsSecret(root);
}
