using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Json;

namespace LazyOC.Plugins.Packages;

/// <summary><c>plugins.lock</c>: the plugins of one generation.</summary>
internal sealed record LockDocument
{
    public const string FileName = "plugins.lock";

    private const int MaxBytes = 16 << 20;

    /// <summary>Version of the document's format; 1.</summary>
    public required int LockVersion { get; init; }

    /// <summary>As <see cref="Generation.Created"/>.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>As <see cref="Generation.Cause"/>.</summary>
    public string? Cause { get; init; }

    /// <summary>In order of id.</summary>
    public required ImmutableArray<InstalledEntry> Plugins { get; init; }

    public static byte[] Write(Generation generation) =>
        JsonSerializer.SerializeToUtf8Bytes(new LockDocument { LockVersion = 1, Created = generation.Created, Cause = generation.Cause, Plugins = generation.Plugins }, PackagesJson.Default.LockDocument);

    public static Outcome<Generation> Read(ReadOnlySpan<byte> utf8, int number)
    {
        if (!StrictJson.Read(utf8, PackagesJson.Default.LockDocument, new JsonLimits(MaxBytes)).TryGet(out var document, out var problems)) return problems;
        if (document.LockVersion != 1) return new Problem("lockVersion", $"is {document.LockVersion}; this LazyOC reads version 1", "a newer LazyOC wrote it: use that one");
        for (var i = 0; i < document.Plugins.Length; i++)
        {
            var plugin = document.Plugins[i];
            if (plugin.Granted.ComputeDigest() != plugin.GrantDigest) return new Problem($"plugins[{i}].granted", "is not what its digest says", "install the plugin again");
            if (plugin.Limits?.Check() is { } problem) return problem with { Where = $"plugins[{i}].limits.{problem.Where}" };
            if (i > 0 && document.Plugins[i - 1].Id.CompareTo(plugin.Id) >= 0) return new Problem($"plugins[{i}].id", "is out of order or there twice");
        }
        return new Generation(number, document.Plugins) { Created = document.Created, Cause = document.Cause };
    }
}
