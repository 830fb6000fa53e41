using System.Text.Json;

namespace LazyOC.Cluster.Resources;

/// <summary>One page of a list. Owns the document its items live in; not to be used after disposal.</summary>
public sealed class ResourcePage : IDisposable
{
    private readonly JsonDocument _document;

    internal ResourcePage(JsonDocument document) => _document = document;

    /// <summary>The objects, as the server sent them: list items carry no <c>kind</c> and <c>apiVersion</c> of their own.</summary>
    public IEnumerable<JsonElement> Items => _document.RootElement.Items("items");

    /// <summary>Pass to the next <see cref="ListOptions.Continue"/>; null on the last page.</summary>
    public string? Continue => _document.RootElement.Text("metadata", "continue") is { Length: > 0 } token ? token : null;

    /// <summary>How many objects follow, when the server says.</summary>
    public long? Remaining => _document.RootElement.Number("metadata", "remainingItemCount");

    /// <summary>Where a watch would continue.</summary>
    public string? ResourceVersion => _document.RootElement.Text("metadata", "resourceVersion");

    /// <inheritdoc/>
    public void Dispose() => _document.Dispose();
}
