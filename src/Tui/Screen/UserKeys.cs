using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Tui.Screen;

/// <summary>
/// The user's keymap: a JSON file from a command's id to the keys that it has instead of its own, <c>{"acme.tools.drain": ["f5"],
/// "object.delete": []}</c>. Chords are keys with a space between. Whatever is not a key is told and left out.
/// </summary>
/// <param name="path">The file; it need not be there.</param>
public sealed class UserKeys(string path)
{
    private const long MaxBytes = 256 * 1024;

    private (DateTime WrittenAt, long Length) _read = (DateTime.MinValue, -1);
    private ImmutableDictionary<string, ImmutableArray<string>> _keys = ImmutableDictionary<string, ImmutableArray<string>>.Empty;

    /// <summary>Where it is.</summary>
    public string Path => path;

    /// <summary>What is to be done about a clash, for its notice.</summary>
    /// <param name="commandId">The command that has lost its key.</param>
    internal string HintFor(string commandId) => $"give it a key of its own in `{path}`: {{\"{commandId}\": [\"f5\"]}}";

    /// <summary>The keys by command id; read again when the file has changed. Belongs to the loop.</summary>
    /// <param name="warn">Told what is wrong with the file, once for each change of it.</param>
    internal ImmutableDictionary<string, ImmutableArray<string>> Read(Action<string> warn)
    {
        try
        {
            var file = new FileInfo(path);
            var present = file.Exists ? (file.LastWriteTimeUtc, file.Length) : (DateTime.MinValue, 0);
            if (present == _read)
                return _keys;
            _read = present;
            _keys = file.Exists ? Parse(file, warn) : ImmutableDictionary<string, ImmutableArray<string>>.Empty;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            warn($"{path} is not used: {e.Message}");
        }
        return _keys;
    }

    private ImmutableDictionary<string, ImmutableArray<string>> Parse(FileInfo file, Action<string> warn)
    {
        if (file.Length > MaxBytes)
            throw new JsonException($"it is larger than {MaxBytes} bytes");
        var keys = ImmutableDictionary.CreateBuilder<string, ImmutableArray<string>>(StringComparer.Ordinal);
        foreach (var (command, given) in JsonSerializer.Deserialize(File.ReadAllBytes(path), UserKeysJson.Default.DictionaryStringStringArray) ?? [])
        {
            foreach (var wrong in (given ?? []).Where(key => !IsKeys(key)))
                warn($"{path}: `{wrong}` of `{command}` is no key; expected {KeyText.Grammar}, or several with spaces between");
            keys[command] = [.. (given ?? []).Where(IsKeys)];
        }
        return keys.ToImmutable();
    }

    private static bool IsKeys(string? text) => text is { Length: > 0 } && text.Split(' ').All(KeyText.IsValid);
}

[JsonSourceGenerationOptions(ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowDuplicateProperties = false, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Dictionary<string, string[]>))]
internal sealed partial class UserKeysJson : JsonSerializerContext;
