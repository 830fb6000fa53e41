namespace LazyOC.Cluster.Simulator.Tests.Kubectl;

public sealed class KubectlWriteTests(KubectlCluster kubectl) : IClassFixture<KubectlCluster>
{
    [KubectlFact]
    public async Task Scale_Deployment_ChangesItsPods()
    {
        await kubectl.RunAsync("scale", "deployment/cart", "--replicas", "4");
        await kubectl.RunAsync("rollout", "status", "deployment/cart", "--timeout", "60s");

        Assert.Equal("4", await kubectl.RunAsync("get", "deployment", "cart", "-o", "jsonpath={.status.readyReplicas}"));
    }

    [KubectlFact]
    public async Task RolloutRestart_Deployment_MakesANewReplicaSet()
    {
        await kubectl.RunAsync("rollout", "restart", "deployment/checkout");
        await kubectl.RunAsync("rollout", "status", "deployment/checkout", "--timeout", "60s");

        string[] sets = (await kubectl.RunAsync("get", "rs", "-l", "app=checkout", "-o", "jsonpath={range .items[*]}{.spec.replicas}{'\\n'}{end}")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["0", "2"], sets.Order(StringComparer.Ordinal));
    }

    [KubectlFact]
    public async Task DeletePod_OfAReplicaSet_IsReplaced()
    {
        string before = (await kubectl.RunAsync("get", "pods", "-l", "app=storefront", "-o", "jsonpath={.items[0].metadata.name}")).Trim();
        await kubectl.RunAsync("delete", "pod", before);
        await kubectl.RunAsync("wait", "deployment/storefront", "--for", "condition=Available", "--timeout", "60s");

        string after = await kubectl.RunAsync("get", "pods", "-l", "app=storefront", "-o", "name");
        Assert.DoesNotContain(before, after, StringComparison.Ordinal);
        Assert.Equal(3, after.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [RecentKubectlFact]
    public async Task CreateApplyPatchAnnotateLabelDelete_OneObject_Works()
    {
        const string Manifest = """
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: greetings
            data:
              en: hello
            """;
        Assert.Contains("created", await ApplyAsync(Manifest), StringComparison.Ordinal);
        Assert.Contains("unchanged", await ApplyAsync(Manifest), StringComparison.Ordinal);
        Assert.Contains("configured", await ApplyAsync(Manifest.Replace("hello", "hi", StringComparison.Ordinal)), StringComparison.Ordinal);
        await kubectl.RunAsync("patch", "configmap", "greetings", "--type", "merge", "-p", """{"data":{"de":"hallo"}}""");
        await kubectl.RunAsync("patch", "configmap", "greetings", "--type", "json", "-p", """[{"op":"add","path":"/data/fr","value":"salut"}]""");
        await kubectl.RunAsync("annotate", "configmap", "greetings", "note=first");
        await kubectl.RunAsync("label", "configmap", "greetings", "kind=words");

        Assert.Equal("hi hallo salut first words", await kubectl.RunAsync("get", "configmap", "greetings", "-o", "jsonpath={.data.en} {.data.de} {.data.fr} {.metadata.annotations.note} {.metadata.labels.kind}"));
        Assert.Contains("deleted", await kubectl.RunAsync("delete", "configmap", "greetings"), StringComparison.Ordinal);
    }

    [RecentKubectlFact]
    public async Task Apply_DeploymentTwice_MergesContainersByName()
    {
        const string Manifest = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: pair}
            spec:
              replicas: 1
              selector: {matchLabels: {app: pair}}
              template:
                metadata: {labels: {app: pair}}
                spec:
                  containers:
                  - {name: one, image: "example.com/one:1"}
                  - {name: two, image: "example.com/two:1"}
            """;
        await ApplyAsync(Manifest);
        await ApplyAsync(Manifest.Replace("two:1", "two:2", StringComparison.Ordinal));

        Assert.Equal("example.com/one:1 example.com/two:2", await kubectl.RunAsync("get", "deploy", "pair", "-o", "jsonpath={.spec.template.spec.containers[*].image}"));
        await kubectl.RunAsync("rollout", "status", "deployment/pair", "--timeout", "60s");
        await kubectl.RunAsync("delete", "deployment", "pair");
    }

    [RecentKubectlFact]
    public async Task ServerSideApply_OtherManagersField_Conflicts()
    {
        const string Manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: owned}\ndata: {key: first}\n";
        await ApplyAsync(Manifest, "--server-side", "--field-manager", "alpha");
        (int code, _, string errors) = await kubectl.TryAsync(Manifest.Replace("first", "second", StringComparison.Ordinal), "apply", "-f", "-", "--server-side", "--field-manager", "beta");
        Assert.Equal(1, code);
        Assert.Contains("conflict with \"alpha\": .data.key", errors, StringComparison.Ordinal);
        await ApplyAsync(Manifest.Replace("first", "second", StringComparison.Ordinal), "--server-side", "--field-manager", "beta", "--force-conflicts");

        Assert.Equal("second", await kubectl.RunAsync("get", "configmap", "owned", "-o", "jsonpath={.data.key}"));
    }

    [KubectlFact]
    public async Task DeleteNamespace_TakesItsContentWithIt()
    {
        await kubectl.RunAsync("create", "namespace", "brief");
        await kubectl.RunAsync("create", "deployment", "web", "--image", "example.com/web:1", "-n", "brief");
        await kubectl.RunAsync("rollout", "status", "deployment/web", "-n", "brief", "--timeout", "60s");
        await kubectl.RunAsync("delete", "namespace", "brief", "--timeout", "60s");

        (int code, _, string errors) = await kubectl.TryAsync(null, "get", "namespace", "brief");
        Assert.Equal(1, code);
        Assert.Contains("NotFound", errors, StringComparison.Ordinal);
        Assert.Equal("", await kubectl.RunAsync("get", "pods", "-n", "brief", "-o", "name"));
    }

    [RecentKubectlFact]
    public async Task CustomResourceDefinition_Created_ServesItsKind()
    {
        await ApplyAsync("""
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: shelves.books.example.com}
            spec:
              group: books.example.com
              scope: Namespaced
              names: {plural: shelves, singular: shelf, kind: Shelf}
              versions:
              - name: v1
                served: true
                storage: true
                schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
                additionalPrinterColumns:
                - {name: Genre, type: string, jsonPath: .spec.genre}
            """);
        await kubectl.RunAsync("wait", "crd/shelves.books.example.com", "--for", "condition=Established", "--timeout", "30s");
        await ApplyAsync("apiVersion: books.example.com/v1\nkind: Shelf\nmetadata: {name: top}\nspec: {genre: poetry}\n");

        string[] lines = (await kubectl.RunAsync("get", "shelves")).Split('\n');
        Assert.Contains("GENRE", lines[0], StringComparison.Ordinal);
        Assert.Contains("poetry", lines[1], StringComparison.Ordinal);
    }

    private async Task<string> ApplyAsync(string manifest, params string[] more)
    {
        (int code, string output, string errors) = await kubectl.TryAsync(manifest, ["apply", "-f", "-", .. more]);
        Assert.True(code == 0, errors);
        return output;
    }
}
