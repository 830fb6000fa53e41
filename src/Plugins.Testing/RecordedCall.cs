using System.Text.Json;
using LazyOC.Plugins.Contracts.Views;

namespace LazyOC.Plugins.Testing;

/// <summary>A host call that the plugin made.</summary>
/// <param name="Name">Such as <c>kubernetes.list</c>.</param>
/// <param name="Arguments">As the plugin gave them.</param>
/// <param name="Code">The error code that it was answered; null when it succeeded.</param>
public sealed record RecordedCall(string Name, JsonElement Arguments, string? Code);

/// <summary>Something that the plugin showed or asked the user.</summary>
/// <param name="What"><c>notify</c>, <c>confirm</c>, <c>prompt</c>, <c>progress</c>, <c>copy</c>, <c>open</c>, or <c>tell</c> for the host's own words about it.</param>
/// <param name="Text">The text; of <c>open</c> the id of the contribution.</param>
/// <param name="Style">Its style, where it has one.</param>
public sealed record ShownText(string What, string Text, TextStyle? Style = null);

/// <summary>The plugin did not do what it was asked for.</summary>
/// <param name="code">One of the closed error codes, or the kind of a fault such as <c>threw</c>.</param>
/// <param name="message">Why.</param>
/// <param name="stack">The guest's stack, when it has one.</param>
public sealed class PluginFailedException(string code, string message, string? stack = null) : Exception(message)
{
    public string Code { get; } = code;

    /// <summary>The guest's own stack; null when it has none.</summary>
    public string? GuestStack { get; } = stack;
}
