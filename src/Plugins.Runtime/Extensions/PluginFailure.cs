using LazyOC.Plugins.Contracts;

namespace LazyOC.Plugins.Runtime.Extensions;

/// <summary>Why a plugin gave no answer, for the panel that would have shown it.</summary>
/// <param name="Plugin">Whose failure it is.</param>
/// <param name="PluginName">Its display name.</param>
/// <param name="Code">One of the closed error codes of the plugin model, or the fault's kind in kebab case (<c>threw</c>, <c>trapped</c>, <c>interrupted</c>, …).</param>
/// <param name="Message">One sentence.</param>
/// <param name="Stack">The guest's stack, when it has one.</param>
public sealed record PluginFailure(PluginId Plugin, string PluginName, string Code, string Message, string? Stack = null)
{
    /// <summary><c>NAME: CODE: MESSAGE</c>.</summary>
    public override string ToString() => $"{PluginName}: {Code}: {Message}";
}
