using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Plugins.Packages;

/// <summary>What esbuild says of a build (https://esbuild.github.io/api/#metafile), as far as it is read.</summary>
internal sealed record Metafile
{
    /// <summary>By path of the file that was written; null when the document is of another kind.</summary>
    public ImmutableDictionary<string, MetafileOutput>? Outputs { get; init; }

    /// <summary>Files of which something is in the code, in ordinal order, from the folder that esbuild ran in.</summary>
    public IEnumerable<string> Used => (Outputs ?? ImmutableDictionary<string, MetafileOutput>.Empty).Values
        .SelectMany(output => output.Inputs.Where(input => input.Value.BytesInOutput > 0).Select(input => input.Key)).Distinct().Order(StringComparer.Ordinal);
}

internal sealed record MetafileOutput
{
    public required ImmutableDictionary<string, MetafileInput> Inputs { get; init; }
}

/// <param name="BytesInOutput">How much of it is left in the code.</param>
internal sealed record MetafileInput(long BytesInOutput);

/// <summary><c>package-lock.json</c> since version 2 (https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json), as far as it is read.</summary>
internal sealed record PackageLock
{
    /// <summary>By folder, from the lock's own.</summary>
    public ImmutableDictionary<string, NpmPackage>? Packages { get; init; }
}

/// <summary>An entry of a <see cref="PackageLock"/>, or a <c>package.json</c>.</summary>
internal sealed record NpmPackage
{
    public string? Name { get; init; }

    public string? Version { get; init; }

    public string? Integrity { get; init; }

    /// <summary>Mostly a text; old packages have an object.</summary>
    public JsonElement License { get; init; }

    /// <summary>Of use only for building.</summary>
    public bool Dev { get; init; }

    /// <summary>The package is elsewhere in the lock.</summary>
    public bool Link { get; init; }
}

/// <summary>Reads what npm and a bundler left in the author's folders.</summary>
internal sealed class NpmFiles(PackageLimits limits)
{
    private readonly Dictionary<string, Outcome<PackageLock>> _locks = new(StringComparer.Ordinal);

    public Outcome<Metafile> ReadMetafile(string path) => Read(path, NpmJson.Default.Metafile);

    public Outcome<NpmPackage> ReadPackage(string path) => Read(path, NpmJson.Default.NpmPackage);

    /// <summary>A lock is read once for all that is looked up in it.</summary>
    public Outcome<PackageLock> ReadLock(string path)
    {
        if (!_locks.TryGetValue(path, out var outcome)) _locks.Add(path, outcome = Read(path, NpmJson.Default.PackageLock));
        return outcome;
    }

    private Outcome<T> Read<T>(string path, JsonTypeInfo<T> type) where T : class
    {
        var length = new FileInfo(path).Length;
        if (length > limits.MaxBuildFileBytes) return new Problem(path, $"has {ByteSize.Format(length)}; at most {ByteSize.Format(limits.MaxBuildFileBytes)} are read for the SBOM");
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), type) is { } value ? value : new Problem(path, "is not what its name says: it holds `null`");
        }
        catch (JsonException e)
        {
            return new Problem(path, $"is not what its name says, at line {(e.LineNumber ?? 0) + 1}");
        }
    }
}

/// <summary>Source-generated JSON of other tools' documents, of which only a part is read.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Metafile))]
[JsonSerializable(typeof(PackageLock))]
[JsonSerializable(typeof(NpmPackage))]
internal sealed partial class NpmJson : JsonSerializerContext;
