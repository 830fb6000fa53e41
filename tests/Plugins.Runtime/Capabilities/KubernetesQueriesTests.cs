using LazyOC.Plugins.Contracts.Messages;

namespace LazyOC.Plugins.Runtime.Tests.Capabilities;

public sealed class KubernetesQueriesTests
{
    private const string ReadLogs = """{ "kubernetes": [{ "apiGroups": [""], "resources": ["pods/log"], "verbs": ["get"], "namespaces": ["bookstore"] }] }""";

    [Fact]
    public async Task Discover_OneGroup_TellsItsResources()
    {
        await using var door = await CommandDoor.OpenAsync(Permissions.None, "empty");

        var apps = (await door.CallAsync("kubernetes.discover", """{"group":"apps"}""")).GetProperty("resources").EnumerateArray().ToArray();
        var core = (await door.CallAsync("kubernetes.discover", """{"group":""}""")).GetProperty("resources").EnumerateArray().ToArray();
        var all = (await door.CallAsync("kubernetes.discover", "{}")).GetProperty("resources").GetArrayLength();

        Assert.All(apps, r => Assert.Equal("apps", r.GetProperty("group").GetString()));
        var deployments = apps.Single(r => r.GetProperty("plural").GetString() == "deployments");
        Assert.Equal(("v1", "Deployment", true), (deployments.GetProperty("version").GetString(), deployments.GetProperty("kind").GetString(), deployments.GetProperty("namespaced").GetBoolean()));
        Assert.Contains("watch", deployments.GetProperty("verbs").EnumerateArray().Select(v => v.GetString()));
        Assert.Contains(core, r => r.GetProperty("kind").GetString() == "Pod");
        Assert.True(all > apps.Length + core.Length);
    }

    [Fact]
    public async Task Schema_OfAKind_HoldsEveryDefinitionItRefersTo()
    {
        await using var door = await CommandDoor.OpenAsync(Permissions.None, "empty");

        var answer = await door.CallAsync("kubernetes.schema", """{"group":"apps","kind":"Deployment"}""");

        Assert.Equal("Deployment", answer.GetProperty("schema").GetProperty("x-kubernetes-group-version-kind")[0].GetProperty("kind").GetString());
        var definitions = answer.GetProperty("definitions").EnumerateObject().Select(d => d.Name).ToHashSet();
        var references = answer.GetRawText().Split("\"#/components/schemas/").Skip(1).Select(rest => rest[..rest.IndexOf('"', StringComparison.Ordinal)]).ToHashSet();
        Assert.Contains(definitions, name => name.EndsWith(".PodSpec", StringComparison.Ordinal));
        Assert.Equal(references.Order(), definitions.Order());
    }

    [Fact]
    public async Task Schema_OfWhatIsNotServedOrNoName_IsRefused()
    {
        await using var door = await CommandDoor.OpenAsync(Permissions.None, "empty");

        Assert.Equal(ErrorCode.NotFound, await door.CodeAsync("kubernetes.schema", """{"kind":"Unicorn"}"""));
        Assert.Equal(ErrorCode.NotFound, await door.CodeAsync("kubernetes.schema", """{"group":"apps","kind":"Deployment","version":"v9"}"""));
        Assert.Equal(ErrorCode.Invalid, await door.CodeAsync("kubernetes.schema", """{"group":"apps","kind":"Deployment","version":"../../api/v1"}"""));
    }

    [Fact]
    public async Task Schema_BeyondAnAnswer_IsTooLarge()
    {
        await using var door = await CommandDoor.OpenAsync(Permissions.None, "empty", prepare: fixture => fixture.Sandbox = new() { AnswerBytes = 4_000 });

        Assert.Equal(ErrorCode.TooLarge, await door.CodeAsync("kubernetes.schema", """{"group":"apps","kind":"Deployment"}"""));
    }

    [Fact]
    public async Task CanI_IsBothThePluginsPermissionAndTheUsersRbac()
    {
        const string permissions = """{ "kubernetes": [{ "apiGroups": [""], "resources": ["pods"], "verbs": ["get", "delete"], "namespaces": ["bookstore", "kube-system"] }] }""";
        await using var door = await CommandDoor.OpenAsync(permissions, prepare: fixture => fixture.ActAsDeveloper());

        // Both; RBAC only; the plugin's permission only.
        Assert.True(await AllowedAsync("""{"verb":"get","resource":"pods","namespace":"bookstore"}"""));
        Assert.False(await AllowedAsync("""{"verb":"list","resource":"pods","namespace":"bookstore"}"""));
        Assert.False(await AllowedAsync("""{"verb":"delete","resource":"pods","namespace":"bookstore"}"""));
        Assert.False(await AllowedAsync("""{"verb":"get","resource":"pods","namespace":"kube-system"}"""));
        Assert.Equal(ErrorCode.Invalid, await door.CodeAsync("kubernetes.canI", """{"verb":"get","resource":"pods/exec","namespace":"bookstore"}"""));

        async Task<bool> AllowedAsync(string arguments) => (await door.CallAsync("kubernetes.canI", arguments)).GetProperty("allowed").GetBoolean();
    }

    [Fact]
    public async Task CanI_AWriteInAReadOnlySession_IsNot()
    {
        await using var door = await CommandDoor.OpenAsync(Permissions.ScaleDeployments, readOnly: true);

        var answer = await door.CallAsync("kubernetes.canI", """{"verb":"update","group":"apps","resource":"deployments","subresource":"scale","namespace":"bookstore"}""");

        Assert.Equal((false, "this session is read-only"), (answer.GetProperty("allowed").GetBoolean(), answer.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task Logs_OfAPod_AreItsLatestLines()
    {
        await using var door = await CommandDoor.OpenAsync(ReadLogs);
        var pod = PodOf(door, "catalog");

        var answer = await door.CallAsync("kubernetes.logs", $$"""{"namespace":"bookstore","pod":"{{pod}}","tailLines":5}""");

        Assert.Equal(5, answer.GetProperty("lines").GetArrayLength());
        Assert.False(answer.GetProperty("truncated").GetBoolean());
    }

    [Fact]
    public async Task Logs_BeyondAnAnswer_AreTruncated()
    {
        await using var door = await CommandDoor.OpenAsync(ReadLogs, prepare: fixture => fixture.Sandbox = new() { AnswerBytes = 2_048 });
        var pod = PodOf(door, "catalog");

        var answer = await door.CallAsync("kubernetes.logs", $$"""{"namespace":"bookstore","pod":"{{pod}}"}""");

        Assert.True(answer.GetProperty("truncated").GetBoolean());
        Assert.InRange(answer.GetRawText().Length, 512, 2_048);
    }

    [Fact]
    public async Task Logs_WithoutPermissionOrOutsideTheNamespace_AreRefused()
    {
        await using var door = await CommandDoor.OpenAsync(ReadLogs);
        await using var pods = await CommandDoor.OpenAsync(Permissions.ReadPods, "empty");

        Assert.Equal(ErrorCode.PermissionDenied, await door.CodeAsync("kubernetes.logs", """{"namespace":"kube-system","pod":"x"}"""));
        Assert.Equal(ErrorCode.PermissionDenied, await pods.CodeAsync("kubernetes.logs", """{"namespace":"bookstore","pod":"x"}"""));
        Assert.Equal(ErrorCode.Invalid, await door.CodeAsync("kubernetes.logs", """{"namespace":"bookstore","pod":"x/../../secrets"}"""));
        Assert.Equal(ErrorCode.Invalid, await door.CodeAsync("kubernetes.logs", """{"namespace":"bookstore","pod":"x","tailLines":0}"""));
        Assert.Equal(ErrorCode.NotFound, await door.CodeAsync("kubernetes.logs", """{"namespace":"bookstore","pod":"no-such-pod"}"""));
    }

    private static string PodOf(CommandDoor door, string app) =>
        door.Fixture.Cluster.Store.List("v1", "Pod", "bookstore").Select(p => (string)p["metadata"]!["name"]!).First(name => name.StartsWith(app, StringComparison.Ordinal));
}
