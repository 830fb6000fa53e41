using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Json;

namespace LazyOC.Plugins.Contracts.Views;

/// <summary>Reads the view trees that guests send.</summary>
/// <remarks>Thread safe.</remarks>
public static class ViewReader
{
    /// <summary>Reads a view and holds it to its limits.</summary>
    /// <param name="utf8">The whole document; its size is held to <see cref="Messages.Envelope.MaxBytes"/>.</param>
    /// <param name="limits">The defaults of <see cref="ViewLimits"/> when null.</param>
    public static Outcome<ViewNode> Read(ReadOnlySpan<byte> utf8, ViewLimits? limits = null)
    {
        limits ??= new ViewLimits();
        var form = StrictJson.Read(utf8, ContractJson.Default.ViewNode, JsonLimitsFor(limits));
        if (!form.TryGet(out var view, out _)) return form;
        var problems = Check(view, limits);
        return problems.IsEmpty ? view : problems;
    }

    /// <summary>Holds a view that came inside another document to its limits.</summary>
    /// <param name="view">The tree.</param>
    /// <param name="limits">The defaults of <see cref="ViewLimits"/> when null.</param>
    /// <returns>Empty when all is well, otherwise the first problem met.</returns>
    public static ImmutableArray<Problem> Check(ViewNode view, ViewLimits? limits = null)
    {
        var rules = new ViewRules(limits ?? new ViewLimits());
        rules.Visit(view, "", 1);
        return rules.Problem is { } problem ? [problem] : [];
    }

    /// <summary>A node nests up to three levels of JSON: itself, its array of children, and the page of a tab; the deepest node holds arrays of objects.</summary>
    private static JsonLimits JsonLimitsFor(ViewLimits limits) => new(Messages.Envelope.MaxBytes, (3 * limits.MaxDepth) + 6);
}
