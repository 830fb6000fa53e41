using System.Collections.Immutable;
using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Printing;
using LazyOC.Cluster.Simulator.Resources;
using LazyOC.Cluster.Simulator.Storage;

namespace LazyOC.Cluster.Simulator.Control;

/// <summary>Serves what CustomResourceDefinition objects define: their storage version, with its printer columns and subresources.</summary>
internal sealed class CustomResources(ControlPlane plane)
{
    public void Reconcile(StoredObject definition)
    {
        JsonObject tree = definition.Tree;
        if (tree.Text("metadata", "deletionTimestamp") is not null)
            return;
        ResourceDefinition served = Define(tree);
        ResourceDefinition? known = plane.Catalog.Find(served.Group, served.Version, served.Plural);
        if (known is not null && Conditions.IsTrue(tree, "Established") && tree.Integer("status", "observedGeneration") == tree.Integer("metadata", "generation"))
            return;

        // Objects are stored under their definition: they move to the new one.
        if (known is not null)
        {
            foreach (StoredObject item in plane.List(known).ToList())
            {
                plane.Store.Remove(item);
                plane.Put(served, item.Tree.Clone());
            }
        }

        plane.Catalog.SetCustom(served.Group, served.Plural, served);
        plane.Mutate(definition, next =>
        {
            JsonObject status = next.Ensure("status");
            status["acceptedNames"] = next.At("spec", "names")?.DeepClone();
            status["storedVersions"] = new JsonArray(served.Version);
            status["observedGeneration"] = next.Integer("metadata", "generation") ?? 1;
            Conditions.Set(status, "NamesAccepted", "True", plane.Timestamp, "NoConflicts", "no conflicts found");
            Conditions.Set(status, "Established", "True", plane.Timestamp, "InitialNamesAccepted", "the initial names have been accepted");
        });
    }

    public static void Withdraw(ControlPlane plane, StoredObject definition)
    {
        ResourceDefinition served = Define(definition.Tree);
        if (plane.Catalog.Find(served.Group, served.Version, served.Plural) is not { } known)
            return;
        foreach (StoredObject item in plane.List(known).ToList())
            plane.Remove(item);
        plane.Catalog.SetCustom(known.Group, known.Plural, null);
    }

    /// <exception cref="ApiException">The definition lacks what it takes to serve it.</exception>
    public static ResourceDefinition Define(JsonObject tree)
    {
        string name = tree.Text("metadata", "name") ?? "";
        string group = Required("spec", "group");
        string plural = Required("spec", "names", "plural");
        string kind = Required("spec", "names", "kind");
        if (!string.Equals(name, $"{plural}.{group}", StringComparison.Ordinal))
            throw ApiException.Invalid(ResourceCatalog.CustomResourceDefinitions, name, ("metadata.name", $"Invalid value: must be spec.names.plural+\".\"+spec.group, that is `{plural}.{group}`"));
        JsonObject version = tree.Objects("spec", "versions").FirstOrDefault(v => v.Flag("storage"))
            ?? throw ApiException.Invalid(ResourceCatalog.CustomResourceDefinitions, name, ("spec.versions", "Invalid value: must have exactly one version marked as storage version"));
        string versionName = version.Text("name") ?? throw Missing("spec.versions[].name");
        var subresources = new List<string>();
        if (version.At("subresources", "status") is not null)
            subresources.Add("status");
        ScalePaths? scale = null;
        if (version.At("subresources", "scale") is { } paths)
        {
            subresources.Add("scale");
            scale = new ScalePaths(Split(paths.Text("specReplicasPath")), Split(paths.Text("statusReplicasPath")), Split(paths.Text("labelSelectorPath")));
        }

        return new ResourceDefinition
        {
            Group = group,
            Version = versionName,
            Plural = plural,
            Kind = kind,
            Singular = tree.Text("spec", "names", "singular") ?? kind.ToLowerInvariant(),
            Namespaced = tree.Text("spec", "scope") is not "Cluster",
            ShortNames = [.. tree.Texts("spec", "names", "shortNames")],
            Categories = [.. tree.Texts("spec", "names", "categories")],
            Columns = Columns(version),
            Subresources = [.. subresources.Select(s => ResourceCatalog.DefineSubresource(s, group, versionName, kind))],
            Scale = scale,
            Schema = (version.At("schema", "openAPIV3Schema") as JsonObject)?.Clone(),
        };

        string Required(params string[] path) => tree.Text(path) ?? throw Missing(string.Join('.', path));
        ApiException Missing(string field) => ApiException.Invalid(ResourceCatalog.CustomResourceDefinitions, name, (field, "Required value"));
    }

    private static ImmutableArray<PrinterColumn> Columns(JsonObject version)
    {
        List<PrinterColumn> columns = [PrinterColumn.ObjectName];
        foreach (JsonObject column in version.Objects("additionalPrinterColumns"))
        {
            FieldPath path = FieldPath.Parse(column.Text("jsonPath") ?? "");
            string type = column.Text("type") ?? "string";
            columns.Add(new PrinterColumn(column.Text("name") ?? "", type, (int)(column.Integer("priority") ?? 0), (o, now) => Cell(path, type, o, now))
            {
                Format = column.Text("format") ?? "",
                Description = column.Text("description") ?? "",
            });
        }

        if (columns.Count == 1)
            columns.Add(PrinterColumn.Age);
        return [.. columns];
    }

    private static JsonNode? Cell(FieldPath path, string type, JsonObject o, DateTimeOffset now)
    {
        JsonNode? value = path.First(o);
        return type is "date" && value is not null ? HumanDuration.Since(value.Time(), now) : value?.DeepClone();
    }

    private static ImmutableArray<string> Split(string? path) => path is null ? [] : [.. path.Split('.', StringSplitOptions.RemoveEmptyEntries)];
}
