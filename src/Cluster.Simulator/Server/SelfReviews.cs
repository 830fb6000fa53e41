using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Control;
using LazyOC.Cluster.Simulator.Resources;
using LazyOC.Cluster.Simulator.Storage;

namespace LazyOC.Cluster.Simulator.Server;

/// <summary>Answers what a user asks about themselves: may I, what may I, who am I.</summary>
internal sealed class SelfReviews(ControlPlane plane, RoleAuthorizer authorizer)
{
    public static bool Answers(ResourceDefinition resource) =>
        resource == ResourceCatalog.AccessReviews || resource == ResourceCatalog.RulesReviews || resource == ResourceCatalog.SubjectReviews || resource == ResourceCatalog.ProjectRequests;

    public async Task AnswerAsync(ApiRequest request)
    {
        JsonObject body = await RequestBody.ReadObjectAsync(request.Http, plane.Limits);
        body["kind"] = request.Resource.Kind;
        body["apiVersion"] = request.Resource.ApiVersion;
        if (request.Resource == ResourceCatalog.ProjectRequests)
            body = RequestProject(body).Parse();
        else
            body["status"] = request.Resource == ResourceCatalog.AccessReviews ? Access(request.User, body)
                : request.Resource == ResourceCatalog.RulesReviews ? Rules(request.User, body.Text("spec", "namespace") ?? "")
                : WhoAmI(request.User);
        await Responses.WriteAsync(request.Http, 201, body);
    }

    private JsonObject Access(Identity user, JsonObject review)
    {
        JsonNode? asked = review.At("spec", "resourceAttributes");
        if (asked is null)
        {
            bool open = user.IsAdmin || review.Text("spec", "nonResourceAttributes", "verb") is "get";
            return new JsonObject { ["allowed"] = open };
        }

        string resource = asked.Text("resource") ?? "";
        if (asked.Text("subresource") is { Length: > 0 } sub)
            resource += "/" + sub;
        var question = new AccessQuestion(asked.Text("verb") ?? "", asked.Text("group") ?? "", resource, asked.Text("namespace") ?? "", asked.Text("name") ?? "");
        bool allowed = authorizer.IsAllowed(user, question);
        return allowed
            ? new JsonObject { ["allowed"] = true, ["reason"] = user.IsAdmin ? "RBAC: allowed by group \"system:masters\"" : "RBAC: allowed by a role binding" }
            : new JsonObject { ["allowed"] = false };
    }

    private JsonObject Rules(Identity user, string ns)
    {
        JsonArray rules = user.IsAdmin
            ? [JsonTree.Parse("""{"verbs":["*"],"apiGroups":["*"],"resources":["*"]}""")]
            : new JsonArray([.. authorizer.RulesOf(user, ns).Select(r => r.DeepClone())]);
        return new JsonObject { ["resourceRules"] = rules, ["nonResourceRules"] = new JsonArray(JsonTree.Parse("""{"verbs":["get"],"nonResourceURLs":["*"]}""")), ["incomplete"] = false };
    }

    private static JsonObject WhoAmI(Identity user) => new()
    {
        ["userInfo"] = new JsonObject
        {
            ["username"] = user.Name,
            ["uid"] = user.Uid,
            ["groups"] = new JsonArray([.. user.Groups.Select(g => (JsonNode)g)]),
        },
    };

    private StoredObject RequestProject(JsonObject request) => plane.Write(() =>
    {
        string name = request.Text("metadata", "name") ?? throw ApiException.Invalid(ResourceCatalog.ProjectRequests, "", ("metadata.name", "Required value"));
        var annotations = new JsonObject();
        if (request.Text("displayName") is { Length: > 0 } display)
            annotations["openshift.io/display-name"] = display;
        if (request.Text("description") is { Length: > 0 } description)
            annotations["openshift.io/description"] = description;
        return plane.Create(ResourceCatalog.Projects, new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = name, ["annotations"] = annotations },
            ["spec"] = new JsonObject { ["finalizers"] = new JsonArray("kubernetes") },
            ["status"] = new JsonObject { ["phase"] = "Active" },
        });
    });
}
