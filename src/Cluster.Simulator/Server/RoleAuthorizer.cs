using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Control;
using LazyOC.Cluster.Simulator.Resources;
using LazyOC.Cluster.Simulator.Storage;

namespace LazyOC.Cluster.Simulator.Server;

/// <summary>What a request wants to do, as RBAC sees it; the resource of a subresource is <c>pods/log</c>.</summary>
internal sealed record AccessQuestion(string Verb, string Group, string Resource, string Namespace, string Name);

/// <summary>Decides by the Role, ClusterRole and binding objects in the store; the group <c>system:masters</c> may do everything.</summary>
internal sealed class RoleAuthorizer(ControlPlane plane)
{
    // What every authenticated user may do on any cluster: ask about themselves.
    private static readonly string[] OwnReviews = ["selfsubjectaccessreviews", "selfsubjectrulesreviews", "selfsubjectreviews"];

    public bool IsAllowed(Identity user, AccessQuestion question)
    {
        if (user.IsAdmin || (question.Verb is "create" && OwnReviews.Contains(question.Resource, StringComparer.Ordinal)))
            return true;
        if (question is { Verb: "get", Resource: "users", Name: "~" })
            return true;

        // Ordinary users may list projects: the answer holds only their own (see Reader).
        if (question is { Verb: "list" or "watch", Group: "project.openshift.io", Resource: "projects" })
            return true;
        return RulesOf(user, question.Namespace).Any(rule => Covers(rule, question));
    }

    public bool CanSeeProject(Identity user, string name) =>
        IsAllowed(user, new AccessQuestion("get", "", "namespaces", name, name)) || IsAllowed(user, new AccessQuestion("get", "", "pods", name, ""));

    /// <summary>The rules that apply to a user cluster-wide and, when given, in one namespace.</summary>
    public IEnumerable<JsonObject> RulesOf(Identity user, string ns)
    {
        foreach (StoredObject binding in plane.List(ResourceCatalog.ClusterRoleBindings))
        {
            foreach (JsonObject rule in RulesOf(binding, user))
                yield return rule;
        }

        if (ns.Length == 0)
            yield break;
        foreach (StoredObject binding in plane.List(ResourceCatalog.RoleBindings, ns))
        {
            foreach (JsonObject rule in RulesOf(binding, user))
                yield return rule;
        }
    }

    private IEnumerable<JsonObject> RulesOf(StoredObject binding, Identity user)
    {
        JsonObject tree = binding.Parse();
        bool bound = tree.Objects("subjects").Any(s => s.Text("kind") switch
        {
            "User" => string.Equals(s.Text("name"), user.Name, StringComparison.Ordinal),
            "Group" => user.Groups.Contains(s.Text("name") ?? "", StringComparer.Ordinal),
            _ => false,
        });
        if (!bound)
            return [];
        StoredObject? role = tree.Text("roleRef", "kind") is "Role"
            ? plane.Store.Find(ResourceCatalog.Roles, binding.Namespace, tree.Text("roleRef", "name") ?? "")
            : plane.Store.Find(ResourceCatalog.ClusterRoles, "", tree.Text("roleRef", "name") ?? "");
        return role?.Parse().Objects("rules") ?? [];
    }

    private static bool Covers(JsonObject rule, AccessQuestion question)
    {
        string subresource = question.Resource.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? "*" + question.Resource[slash..] : question.Resource;
        return Any("verbs", question.Verb)
            && Any("apiGroups", question.Group)
            && (Any("resources", question.Resource) || Any("resources", subresource))
            && (!rule.Texts("resourceNames").Any() || Any("resourceNames", question.Name));

        bool Any(string field, string value) => rule.Texts(field).Any(v => v is "*" || string.Equals(v, value, StringComparison.Ordinal));
    }
}
