using System.Text.Json;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Tui.PluginViews;

namespace LazyOC.Plugins.Testing;

/// <summary>A view of the plugin that is open. Thread safe as its harness is; dispose to close.</summary>
public sealed class HarnessView : IDisposable
{
    private readonly PluginHarness _harness;
    private readonly ViewSession _session;

    internal HarnessView(PluginHarness harness, ViewSession session) => (_harness, _session) = (harness, session);

    /// <summary>What it shows now.</summary>
    /// <exception cref="PluginFailedException">It shows a failure.</exception>
    public ViewNode Content => _session.State switch
    {
        ViewState.Ready ready => ready.Content,
        ViewState.Faulted faulted => throw PluginHarness.ExceptionOf(faulted.Failure),
        _ => throw new PluginFailedException("timeout", "the view has not been drawn yet"),
    };

    /// <summary>What it shows now as the user reads it: all rows, without colours.</summary>
    /// <exception cref="PluginFailedException">It shows a failure.</exception>
    public string Text => ViewText.Of(Content, _harness.Options.Width, _harness.Now);

    /// <summary>Has the plugin draw it again, and waits until it has.</summary>
    /// <exception cref="PluginFailedException">It failed.</exception>
    public async Task RefreshAsync(CancellationToken cancellationToken = default)
    {
        var before = _session.State;
        _session.Refresh();
        // Each drawing is a state of its own, even when it looks the same.
        await _harness.UntilAsync(() => !ReferenceEquals(_session.State, before), cancellationToken);
        _ = Content;
    }

    /// <summary>Operates a node as the user would, who has confirmed what is destructive.</summary>
    /// <exception cref="PluginFailedException">The input is not possible, or failed.</exception>
    public async Task InputAsync(ViewInput input, CancellationToken cancellationToken = default) =>
        PluginHarness.ThrowIfFailed(await _session.InputAsync(input, cancellationToken));

    /// <summary>Presses a button.</summary>
    /// <exception cref="PluginFailedException">There is none of that id, or it failed.</exception>
    public Task PressAsync(string node, CancellationToken cancellationToken = default) => InputAsync(new ViewInput { Node = node, Event = ViewEvent.Press }, cancellationToken);

    /// <summary>Submits a form.</summary>
    /// <exception cref="PluginFailedException">The form does not accept the values, or it failed.</exception>
    public Task SubmitAsync(string node, JsonElement values, CancellationToken cancellationToken = default) => InputAsync(new ViewInput { Node = node, Event = ViewEvent.Submit, Values = values }, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();
}
