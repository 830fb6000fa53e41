using System.Text.Json;

namespace LazyOC.Cluster.Resources;

/// <summary>One page of a list. Owns the document its items live in; not to be used after disposal.</summary>
public sealed class ResourcePage : IDisposable
{
    private readonly JsonDocument _document;

    internal ResourcePage(JsonDocument document) => _document = document;

    /// <summary>The objects.</summary>
    public IEnumerable<JsonElement> Items => throw new NotImplementedException();

    /// <summary>Pass to the next <see cref="ListOptions.Continue"/>; null on the last page.</summary>
    public string? Continue => throw new NotImplementedException();

    /// <summary>How many objects follow, when the server says.</summary>
    public long? Remaining => throw new NotImplementedException();

    /// <summary>Where a watch would continue.</summary>
    public string? ResourceVersion => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Dispose() => _document.Dispose();
}
