using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LazyOC.Tui.Screen;

/// <summary>Where the user was in one context.</summary>
internal sealed record SavedContext
{
    /// <summary>Qualified name of the kind that was listed.</summary>
    public string Kind { get; init => field = value ?? "pods"; } = "pods";

    /// <summary>Null for all namespaces.</summary>
    public string? Namespace { get; init; }

    /// <summary>Whether <see cref="Namespace"/> was chosen, rather than given by the kubeconfig.</summary>
    public bool HasNamespace { get; init; }

    /// <summary>Title of the tab that was open.</summary>
    public string? Tab { get; init; }

    /// <summary>How lists were looked at, by qualified name of their kind.</summary>
    public ImmutableDictionary<string, ListView> Views { get; init => field = value ?? ImmutableDictionary<string, ListView>.Empty; } = ImmutableDictionary<string, ListView>.Empty;
}

/// <summary>All contexts, and what is common to them.</summary>
internal sealed record SavedScreens
{
    public ImmutableDictionary<string, SavedContext> Contexts { get; init => field = value ?? ImmutableDictionary<string, SavedContext>.Empty; } = ImmutableDictionary<string, SavedContext>.Empty;

    /// <summary>Name of the theme.</summary>
    public string? Theme { get; init; }

    /// <summary>Whether the user has been told that there is a tour.</summary>
    public bool TourOffered { get; init; }
}

/// <summary>
/// Keeps where the user was in a file, so that the next start goes on there. It is a convenience: a file that cannot be read is
/// told of and begun anew, and one that cannot be written is told of.
/// </summary>
/// <param name="path">The file; its directory is made when needed.</param>
/// <param name="warn">Told what is wrong with the file.</param>
public sealed class SavedScreen(string path, Action<string> warn)
{
    private const long MaxBytes = 1024 * 1024;

    internal SavedScreens Read()
    {
        try
        {
            if (!File.Exists(path))
                return new SavedScreens();
            if (new FileInfo(path).Length > MaxBytes)
                throw new JsonException($"it is larger than {MaxBytes} bytes");
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), SavedScreenJson.Default.SavedScreens) ?? new SavedScreens();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            warn($"{path} is not used: {e.Message}");
            return new SavedScreens();
        }
    }

    /// <summary>Changes the file as a whole: it holds what it held before or the new content, never half of one.</summary>
    internal void Write(Func<SavedScreens, SavedScreens> change)
    {
        try
        {
            var bytes = JsonSerializer.SerializeToUtf8Bytes(change(Read()), SavedScreenJson.Default.SavedScreens);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var draft = $"{path}.{Environment.ProcessId}";
            File.WriteAllBytes(draft, bytes);
            File.Move(draft, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            warn($"{path} cannot be written: {e.Message}");
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SavedScreens))]
internal sealed partial class SavedScreenJson : JsonSerializerContext;
