using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using LazyOC.Cluster;
using LazyOC.Cluster.Columns;
using LazyOC.Cluster.Discovery;
using LazyOC.Cluster.Errors;
using LazyOC.Cluster.Resources;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Capabilities;
using LazyOC.Plugins.Runtime.Lifecycle;

namespace LazyOC.Plugins.Runtime.Extensions;

/// <summary>Where a relation leads from one object.</summary>
public abstract record RelatedObjects
{
    private RelatedObjects() { }

    /// <summary>To these, by namespace and name; maybe none.</summary>
    /// <param name="Kind">What they are.</param>
    /// <param name="Namespace">Where they were looked for; null for all namespaces or a cluster-wide kind.</param>
    /// <param name="LabelSelector">What they were looked for by; null when it was not by labels.</param>
    /// <param name="Objects">At most <see cref="RuntimeLimits.RelatedObjects"/>.</param>
    /// <param name="HasMore">Whether there are more.</param>
    public sealed record Found(ResourceKind Kind, string? Namespace, string? LabelSelector, ImmutableArray<ObjectReference> Objects, bool HasMore) : RelatedObjects;

    /// <summary>Nowhere.</summary>
    /// <param name="Reason">One sentence.</param>
    /// <param name="Hint">What to do next; null when there is nothing to do.</param>
    public sealed record Nowhere(string Reason, string? Hint = null) : RelatedObjects;
}

/// <summary>Follows relations between objects, as the session's user; no plugin code runs.</summary>
internal sealed class Relations(Func<SessionScope> scope, RuntimeLimits limits)
{
    private const int PageSize = 500;

    /// <summary>Label keys and values: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set</summary>
    private static readonly SearchValues<char> LabelCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._/");

    public async Task<RelatedObjects> ResolveAsync(RelationContribution relation, ObjectReference from, CancellationToken cancellationToken)
    {
        var client = scope().Cluster.Client;
        try
        {
            var catalog = await client.Discovery.GetAsync(cancellationToken);
            var (source, target) = (Find(relation.From), Find(relation.To));
            if (source is null || target is null) return new RelatedObjects.Nowhere($"the cluster serves no {(source is null ? relation.From : relation.To)}");
            using var document = await client.Resources.GetAsync(source, from.Namespace, from.Name, cancellationToken: cancellationToken);
            var root = document.RootElement;
            var within = target.Namespaced ? from.Namespace : null;
            if (relation.Name is { } name) return await ByNameAsync(client.Resources, target, Fill(name, root, isSelector: false), target.Namespaced && relation.Namespace is { } ns ? Fill(ns, root, isSelector: false) : within, cancellationToken);
            if (relation.Selector is { } selector) return await BySelectorAsync(client.Resources, target, within, Fill(selector, root, isSelector: true), cancellationToken);
            return await ByOwnerAsync(client.Resources, target, within, root, cancellationToken);

            ResourceKind? Find(string kind) => GroupKind.Parse(kind) is var parsed ? catalog.FindKind(parsed.Group, parsed.Kind) : null;
        }
        catch (FormatException wrong)
        {
            return new RelatedObjects.Nowhere(wrong.Message);
        }
        catch (ClusterException failure)
        {
            return new RelatedObjects.Nowhere(failure.Message, failure.Hint);
        }
    }

    private static async Task<RelatedObjects> ByNameAsync(ResourceClient resources, ResourceKind kind, string name, string? ns, CancellationToken cancellationToken)
    {
        if (ObjectName.Check(kind.Group, kind.Plural, ns, name) is { } wrong) return new RelatedObjects.Nowhere($"it leads to `{name}`, which {wrong.Message}");
        using var found = await resources.GetAsync(kind, ns, name, cancellationToken: cancellationToken);
        return new RelatedObjects.Found(kind, ns, null, [ReferenceOf(kind, found.RootElement)], HasMore: false);
    }

    private async Task<RelatedObjects> BySelectorAsync(ResourceClient resources, ResourceKind kind, string? ns, string selector, CancellationToken cancellationToken)
    {
        using var page = await resources.ListAsync(kind, ns, new ListOptions { Selector = new Selector(selector), Limit = limits.RelatedObjects }, cancellationToken);
        return new RelatedObjects.Found(kind, ns, selector, [.. page.Items.Select(item => ReferenceOf(kind, item))], page.Continue is { Length: > 0 });
    }

    private async Task<RelatedObjects> ByOwnerAsync(ResourceClient resources, ResourceKind kind, string? ns, JsonElement owner, CancellationToken cancellationToken)
    {
        var uid = owner.Text("metadata", "uid") ?? throw new FormatException("the object has no uid that others could name");
        var owned = ImmutableArray.CreateBuilder<ObjectReference>();
        for (string? token = null; ;)
        {
            using var page = await resources.ListAsync(kind, ns, new ListOptions { Limit = PageSize, Continue = token }, cancellationToken);
            foreach (var item in page.Items)
            {
                if (!IsOwnedBy(item, uid)) continue;
                if (owned.Count == limits.RelatedObjects) return new RelatedObjects.Found(kind, ns, null, owned.ToImmutable(), HasMore: true);
                owned.Add(ReferenceOf(kind, item));
            }
            token = page.Continue;
            if (token is not { Length: > 0 }) return new RelatedObjects.Found(kind, ns, null, owned.ToImmutable(), HasMore: false);
        }
    }

    private static bool IsOwnedBy(JsonElement item, string uid) =>
        item.Items("metadata", "ownerReferences").Any(owner => owner.Text("uid") == uid);

    /// <summary>A template with its paths filled in.</summary>
    /// <exception cref="FormatException">A path selects nothing, or what must not stand there.</exception>
    private string Fill(string template, JsonElement root, bool isSelector)
    {
        var text = new StringBuilder();
        foreach (var (part, isPath) in PathTemplate.Parse(template))
        {
            if (!isPath)
            {
                text.Append(part);
                continue;
            }
            if (!JsonPath.TryParse(part, out var path, out var error)) throw new FormatException($"the relation's path `{part}` is none: {error}");
            var values = path.Select(root);
            if (values.Count == 0) throw new FormatException($"the object has no `{part}`");
            text.AppendJoin(',', values.Select(value => ValueOf(part, value, isSelector)));
            if (text.Length > limits.RelationChars) throw new FormatException($"the relation makes more than {limits.RelationChars} characters of `{template}`");
        }
        return text.ToString();
    }

    private static string ValueOf(string path, JsonElement value, bool isSelector)
    {
        if (isSelector && value.ValueKind == JsonValueKind.Object)
        {
            var labels = value.EnumerateObject().Select(label => $"{Checked(path, label.Name)}={Checked(path, label.Value.ToString())}").ToList();
            // No label at all would select every object there is.
            return labels.Count > 0 ? string.Join(',', labels) : throw new FormatException($"the object's `{path}` is empty");
        }
        if (value.ValueKind is JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null) throw new FormatException($"the object's `{path}` is no text");
        return isSelector ? Checked(path, value.ToString()) : value.ToString();
    }

    // What an object holds must not become an operator of the selector.
    private static string Checked(string path, string text) =>
        text.AsSpan().ContainsAnyExcept(LabelCharacters) ? throw new FormatException($"the object's `{path}` holds what is no label") : text;

    private static ObjectReference ReferenceOf(ResourceKind kind, JsonElement item) => new()
    {
        Group = kind.Group,
        Kind = kind.Kind,
        Namespace = item.Text("metadata", "namespace"),
        Name = item.Text("metadata", "name") ?? "",
        Uid = item.Text("metadata", "uid"),
    };
}
