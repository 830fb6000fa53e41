using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Marketplace.Protocol;

/// <summary>What those who keep a registry lay down for its users: which of its plugins may be installed. What is absent is not restricted.</summary>
public sealed record RegistryPolicy
{
    /// <summary>It restricts nothing.</summary>
    public static RegistryPolicy None { get; } = new();

    /// <summary>Publishers whose plugins may be installed, as globs; all when it is absent.</summary>
    public ImmutableArray<string>? Publishers { get; init; }

    /// <summary>Most that a plugin may ask for, group by group, as in a computer's own policy.</summary>
    public PermissionCaps Permissions { get; init => field = value ?? new(); } = new();

    /// <summary>Scanners that have to have passed a version.</summary>
    public ImmutableArray<string> Scanners { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Reads the document, which is not signed, as those have it who lay it down.</summary>
    public static Outcome<RegistryPolicy> Read(ReadOnlySpan<byte> utf8, RegistryLimits? limits = null)
    {
        limits ??= RegistryLimits.Default;
        if (!RegistryDocument.Read(utf8, RegistryJson.Default.RegistryPolicy, limits.MaxPolicyBytes).TryGet(out var policy, out var problems)) return problems;
        return policy.Check(limits) is { } problem ? problem : policy;
    }

    public byte[] ToUtf8() => JsonSerializer.SerializeToUtf8Bytes(this, RegistryJson.Default.RegistryPolicy);

    /// <summary>Why a plugin must not be installed, continuing a sentence and naming the line of the policy; null when it may, as far as can be told without what scanners said.</summary>
    public string? WhyNot(PluginId id, PermissionSet permissions)
    {
        if (Publishers is { } publishers && !publishers.Any(glob => Glob.Matches(glob, id.Publisher))) return $"`publishers` does not name `{id.Publisher}`";
        var beyond = PolicyInForce.None.And("", new HostPolicy { Permissions = Permissions }).Beyond(permissions);
        if (beyond.IsEmpty) return null;
        var word = beyond[0].Beyond.InWords().First();
        return $"`{LineOf(word.Path)}` does not permit what it asks for: {word.Text}";
    }

    /// <summary>The scanners that have not passed a version and have to.</summary>
    public IEnumerable<string> Missing(VerdictFile? verdicts) => Scanners.Where(scanner => verdicts is null || !verdicts.Passed(scanner));

    internal Problem? Check(RegistryLimits limits)
    {
        (string, ImmutableArray<string>)[] lists = [("publishers", Publishers ?? []), ("scanners", Scanners)];
        foreach (var (name, entries) in lists)
        {
            if (entries.Length > limits.MaxPolicyEntries) return new Problem(name, $"has {entries.Length:N0} entries; at most {limits.MaxPolicyEntries:N0} are allowed");
            if (entries.FirstOrDefault(entry => entry.Length == 0 || entry.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('-' or '*'))) is { } bad)
                return new Problem(name, $"has `{bad}`, which is no name", "lower-case letters, digits and hyphens; `*` is any characters");
        }
        return Permissions.Storage is { } storage && !ByteSize.TryParse(storage, out _) ? new Problem("permissions.storage", $"is `{storage}`, which is no size", "write a size such as `128MiB`") : null;
    }

    /// <summary>The line of the policy that caps a permission: its place without what tells rules apart.</summary>
    private static string LineOf(string path) => path.Split('[')[0];
}

/// <summary><c>/v1/policy.json</c>: what a registry lays down, in one envelope that its keys have signed.</summary>
/// <remarks>Immutable and thread safe. There is no way to one that is not verified.</remarks>
public sealed class PolicyFile
{
    public const string PayloadType = "application/vnd.lazyoc.policy+json";

    private const string Name = "policy";

    private readonly PolicyDocument _document;

    private PolicyFile(PolicyDocument document) => _document = document;

    public RegistryPolicy Policy => _document.Policy;

    /// <summary>Counts up with each change; from 1.</summary>
    public long Sequence => _document.Sequence;

    public DateTimeOffset Expires => _document.Expires;

    /// <summary>Reads the file from anywhere, and refuses it unless the registry's keys have signed just this, and lately.</summary>
    /// <param name="utf8">The whole file.</param>
    /// <param name="roots">The registry's keys, from where they were trusted.</param>
    /// <param name="now">The time.</param>
    /// <param name="lastSeen">The sequence number of the file that was accepted before; 0 when none was.</param>
    /// <param name="limits"><see cref="RegistryLimits.Default"/> when null.</param>
    public static Outcome<PolicyFile> Read(ReadOnlySpan<byte> utf8, KeySet roots, DateTimeOffset now, long lastSeen = 0, RegistryLimits? limits = null)
    {
        limits ??= RegistryLimits.Default;
        if (!ReadOfAnyAge(utf8, roots, limits).TryGet(out var file, out var problems)) return problems;
        return file._document.Freshness.Check(now, lastSeen, limits) is { } problem ? problem.In(Name) : file;
    }

    /// <summary>Reads a file of one's own, which may have expired, to make the next one of it.</summary>
    public static Outcome<PolicyFile> ReadOfAnyAge(ReadOnlySpan<byte> utf8, KeySet roots, RegistryLimits? limits = null)
    {
        limits ??= RegistryLimits.Default;
        if (!SignedJson.Read(utf8, PayloadType, roots, RegistryJson.Default.PolicyDocument, limits.MaxPolicyBytes, Name).TryGet(out var document, out var problems)) return problems;
        return (document.Freshness.CheckForm(limits) ?? document.Policy.Check(limits)) is { } problem ? problem.In(Name) : new PolicyFile(document);
    }

    /// <summary>Makes the file.</summary>
    public static byte[] Write(PolicyDocument document, params ReadOnlySpan<SigningKey> keys) => SignedJson.Write(PayloadType, document, RegistryJson.Default.PolicyDocument, keys);
}

/// <summary>What is signed of a policy.</summary>
public sealed record PolicyDocument
{
    /// <summary>Counts up with each change; from 1.</summary>
    public required long Sequence { get; init; }

    public required DateTimeOffset Issued { get; init; }

    /// <summary>From when on it says nothing any more.</summary>
    public required DateTimeOffset Expires { get; init; }

    public required RegistryPolicy Policy { get; init; }

    [JsonIgnore] internal Freshness Freshness => new(Sequence, Issued, Expires);
}
