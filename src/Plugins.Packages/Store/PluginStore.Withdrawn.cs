using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Json;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Plugins.Packages;

/// <summary>An installed package that must not run any more.</summary>
/// <param name="Plugin">The plugin.</param>
/// <param name="Version">Its version.</param>
/// <param name="Digest">Of the package: another version of the plugin may run.</param>
/// <param name="Reason">What the registry says.</param>
/// <param name="Registry">Which registry says so.</param>
/// <param name="Since">When that was learned.</param>
public sealed record Withdrawal(PluginId Plugin, SemanticVersion Version, Digest Digest, string Reason, string Registry, DateTimeOffset Since);

/// <content>What registries have withdrawn: outside the sets, so that no way back leads around it.</content>
public sealed partial class PluginStore
{
    private const int MaxWithdrawnBytes = 4 << 20;

    private string WithdrawnFile => Path.Combine(Root, "withdrawn.json");

    /// <summary>The packages that must not run, in whatever set they are. Refused when the file that says so is damaged.</summary>
    public Outcome<ImmutableArray<Withdrawal>> Withdrawn()
    {
        if (!File.Exists(WithdrawnFile)) return ImmutableArray<Withdrawal>.Empty;
        if (!StrictJson.Read(File.ReadAllBytes(WithdrawnFile), PackagesJson.Default.WithdrawnDocument, new JsonLimits(MaxWithdrawnBytes)).TryGet(out var document, out var problems))
            return problems.Select(problem => problem.In(WithdrawnFile) with { Hint = "delete the file, then `lazyoc plugin outdated` asks the registries again" }).ToImmutableArray();
        return document.Withdrawn;
    }

    /// <summary>Keeps what registries say now of some plugins, in place of what they said before.</summary>
    /// <param name="asked">The plugins whose registries were asked.</param>
    /// <param name="withdrawn">Of those, what must not run.</param>
    /// <returns>Whether anything is different.</returns>
    public Outcome<bool> SetWithdrawn(ImmutableArray<PluginId> asked, ImmutableArray<Withdrawal> withdrawn)
    {
        if (asked.IsEmpty) return false;
        _files.CreateDirectory(Root);
        if (!StoreLock.Acquire(Root, _lockWait).TryGet(out var held, out var problems)) return problems;
        using (held)
        {
            if (!Withdrawn().TryGet(out var before, out problems)) return problems;
            ImmutableArray<Withdrawal> after =
            [
                .. before.Where(known => !asked.Contains(known.Plugin)),
                // What was known before keeps its date.
                .. withdrawn.Select(now => before.FirstOrDefault(known => known.Digest == now.Digest && known.Reason == now.Reason) ?? now),
            ];
            if (before.ToHashSet().SetEquals(after)) return false;
            var pending = WithdrawnFile + Pending;
            _files.Delete(pending);
            _files.Write(pending, JsonSerializer.SerializeToUtf8Bytes(new WithdrawnDocument { Withdrawn = after }, PackagesJson.Default.WithdrawnDocument), readOnly: false);
            _files.Replace(pending, WithdrawnFile);
            _files.FlushDirectory(Root);
            return true;
        }
    }
}

/// <summary><c>withdrawn.json</c>.</summary>
internal sealed record WithdrawnDocument
{
    public required ImmutableArray<Withdrawal> Withdrawn { get; init; }
}
