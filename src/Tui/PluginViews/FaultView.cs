using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Extensions;

namespace LazyOC.Tui.PluginViews;

/// <summary>What is shown in the place of a plugin's contribution that failed: whose, why, and what to do.</summary>
internal static class FaultView
{
    /// <summary>The panel as a view tree.</summary>
    public static ViewNode Of(PluginFailure failure)
    {
        var rows = new List<ViewNode>
        {
            new ViewNode.Text { Spans = [Text("✗ ", TextStyle.Error), Text(failure.PluginName, TextStyle.Strong), Text($"  {failure.Plugin}", TextStyle.Muted)] },
            new ViewNode.Text { Spans = [Text($"{failure.Code}: ", TextStyle.Error), Text(failure.Message)] },
            new ViewNode.Text { Spans = [Text("hint: ", TextStyle.Accent), Text(Hint(failure))] },
            new ViewNode.Text { Spans = [Text(HelpPage.Of(failure.Code), TextStyle.Muted)] },
        };
        if (failure.Stack is { Length: > 0 } stack)
            rows.Add(new ViewNode.Code { Content = stack });
        return new ViewNode.Stack { Children = [.. rows], Gap = 1 };
    }

    /// <summary>The next step, by the closed list of error codes (plugin-model.md section 5) and kinds of fault.</summary>
    public static string Hint(PluginFailure failure) => failure.Code switch
    {
        "permission-denied" => $"`lazyoc plugin audit --plugin {failure.Plugin}` shows the refused call",
        "gesture-required" => "it may write only inside an action or command that you start",
        "quota-exceeded" => $"it asks too often; `lazyoc plugin audit --plugin {failure.Plugin}` shows what",
        "timeout" or "interrupted" => "it took too long and was stopped; the rest of the screen goes on",
        "unavailable" => "the cluster did not answer it; it is asked again when the view refreshes",
        "cancelled" => "its session ended",
        "build-failed" => "mend what is named and save; until then the version before goes on",
        _ => $"`lazyoc plugin audit --plugin {failure.Plugin}` shows its last calls; `lazyoc plugin disable {failure.Plugin}` switches it off",
    };

    private static Span Text(string text, TextStyle style = TextStyle.Plain) => new() { Text = text, Style = style };
}
