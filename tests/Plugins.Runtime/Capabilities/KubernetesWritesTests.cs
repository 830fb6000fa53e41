using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Sandbox.Audit;

namespace LazyOC.Plugins.Runtime.Tests.Capabilities;

public sealed class KubernetesWritesTests
{
    private const string WriteMaps = """{ "kubernetes": [{ "apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "create", "patch"], "namespaces": ["bookstore"] }] }""";
    private const string CreateMaps = """{ "kubernetes": [{ "apiGroups": [""], "resources": ["configmaps"], "verbs": ["create"], "namespaces": ["bookstore"] }] }""";
    private const string PatchMaps = """{ "kubernetes": [{ "apiGroups": [""], "resources": ["configmaps"], "verbs": ["patch"], "namespaces": ["bookstore"] }] }""";
    private const string EverythingInOneNamespace = """{ "kubernetes": [{ "apiGroups": ["*"], "resources": ["*"], "verbs": ["*"], "namespaces": ["bookstore"] }] }""";
    private const string NewMap = """{"resource":"configmaps","namespace":"bookstore","name":"new","object":{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"new"},"data":{"a":"1"}}}""";

    [Fact]
    public async Task Create_WithPermissionAndGesture_CreatesAndAnswersTheObject()
    {
        await using var door = await CommandDoor.OpenAsync(WriteMaps);

        var answer = await door.CallAsync("kubernetes.create", NewMap);

        Assert.Equal("1", (string?)MapOf(door, "new")!["data"]!["a"]);
        Assert.Equal("1", answer.GetProperty("object").GetProperty("data").GetProperty("a").GetString());
        Assert.Equal(("ConfigMap", "bookstore", "new"), (answer.GetProperty("reference").GetProperty("kind").GetString(), answer.GetProperty("reference").GetProperty("namespace").GetString(), answer.GetProperty("reference").GetProperty("name").GetString()));
        Assert.Equal("lazyoc.plugin.acme.test", (string?)MapOf(door, "new")!["metadata"]!["managedFields"]![0]!["manager"]);
        Assert.Equal([AuditDecision.Intent, AuditDecision.Done], (await door.Fixture.AuditedAsync(CommandDoor.Id)).Where(l => l.Call == "kubernetes.create").Select(l => l.Decision));
        Assert.Equal(ErrorCode.Conflict, await door.CodeAsync("kubernetes.create", NewMap));
    }

    [Fact]
    public async Task Create_WithoutGet_AnswersTheIdentityOnly()
    {
        await using var door = await CommandDoor.OpenAsync(CreateMaps);

        var answer = await door.CallAsync("kubernetes.create", NewMap);

        Assert.Equal(["reference"], answer.EnumerateObject().Select(p => p.Name));
        Assert.NotNull(MapOf(door, "new"));
    }

    [Fact]
    public async Task Patch_WithoutGet_DoesNotReadTheObject()
    {
        await using var door = await CommandDoor.OpenAsync(PatchMaps);

        var answer = await door.CallAsync("kubernetes.patch", """{"resource":"configmaps","namespace":"bookstore","name":"shop-settings","type":"merge","patch":{}}""");

        Assert.Equal(["reference"], answer.EnumerateObject().Select(p => p.Name));
    }

    [Fact]
    public async Task Create_DryRun_StoresNothing()
    {
        await using var door = await CommandDoor.OpenAsync(WriteMaps);

        await door.CallAsync("kubernetes.create", NewMap.Replace("\"name\":\"new\",\"object\"", "\"name\":\"new\",\"dryRun\":true,\"object\"", StringComparison.Ordinal));

        Assert.Null(MapOf(door, "new"));
        Assert.Equal(ErrorCode.GestureRequired, await door.CodeAsync("kubernetes.create", NewMap, withGesture: false));
    }

    [Theory]
    [InlineData("kubernetes.create", NewMap)]
    [InlineData("kubernetes.apply", NewMap)]
    [InlineData("kubernetes.patch", """{"resource":"configmaps","namespace":"bookstore","name":"shop-settings","type":"merge","patch":{"data":{"CURRENCY":"USD"}}}""")]
    public async Task Write_WithoutGestureOrPermissionOrInAReadOnlySession_IsRefused(string call, string arguments)
    {
        await using var door = await CommandDoor.OpenAsync(WriteMaps);
        await using var readOnly = await CommandDoor.OpenAsync(WriteMaps.Replace("] }] }", "], \"unattended\": true }] }", StringComparison.Ordinal), readOnly: true);
        await using var reader = await CommandDoor.OpenAsync(Permissions.ReadPods);

        Assert.Equal(ErrorCode.GestureRequired, await door.CodeAsync(call, arguments, withGesture: false));
        Assert.Equal(ErrorCode.PermissionDenied, await door.CodeAsync(call, arguments.Replace("\"namespace\":\"bookstore\"", "\"namespace\":\"kube-system\"", StringComparison.Ordinal)));
        Assert.Equal(ErrorCode.PermissionDenied, await readOnly.CodeAsync(call, arguments));
        Assert.Equal(ErrorCode.PermissionDenied, await reader.CodeAsync(call, arguments));
        foreach (var each in new[] { door, readOnly, reader })
        {
            Assert.Null(MapOf(each, "new"));
            Assert.Equal("EUR", (string?)MapOf(each, "shop-settings")!["data"]!["CURRENCY"]);
        }
        Assert.Null((await door.TryAsync(call, arguments)).Error);
    }

    [Fact]
    public async Task Apply_WithOnlyOneOfItsVerbs_IsRefused()
    {
        await using var creates = await CommandDoor.OpenAsync(CreateMaps);
        await using var patches = await CommandDoor.OpenAsync(PatchMaps);

        Assert.Equal(ErrorCode.PermissionDenied, await creates.CodeAsync("kubernetes.apply", NewMap));
        Assert.Equal(ErrorCode.PermissionDenied, await patches.CodeAsync("kubernetes.apply", NewMap));
    }

    [Fact]
    public async Task Apply_FieldOfAnotherManager_IsAConflictThatNamesItUnlessForced()
    {
        await using var door = await CommandDoor.OpenAsync(WriteMaps);
        await door.Fixture.Session().Client.Resources.CreateAsync(
            (await door.Fixture.Session().Client.Discovery.GetAsync()).FindPlural("", "configmaps")!, "bookstore",
            """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"new"},"data":{"a":"theirs"}}"""u8.ToArray(), new() { FieldManager = "the-other-team" });

        var refused = (await door.TryAsync("kubernetes.apply", NewMap)).Error!;
        Assert.Equal(ErrorCode.Conflict, refused.Code);
        Assert.Contains("the-other-team", refused.Message, StringComparison.Ordinal);
        Assert.Equal("theirs", (string?)MapOf(door, "new")!["data"]!["a"]);

        await door.CallAsync("kubernetes.apply", NewMap.Replace("\"name\":\"new\",\"object\"", "\"name\":\"new\",\"force\":true,\"object\"", StringComparison.Ordinal));
        Assert.Equal("1", (string?)MapOf(door, "new")!["data"]!["a"]);
    }

    [Theory]
    [InlineData("merge", """{"data":{"CURRENCY":"USD"}}""")]
    [InlineData("strategic", """{"data":{"CURRENCY":"USD"}}""")]
    [InlineData("json", """[{"op":"replace","path":"/data/CURRENCY","value":"USD"}]""")]
    public async Task Patch_OfEachType_ChangesTheObject(string type, string patch)
    {
        await using var door = await CommandDoor.OpenAsync(WriteMaps);

        var answer = await door.CallAsync("kubernetes.patch", $$"""{"resource":"configmaps","namespace":"bookstore","name":"shop-settings","type":"{{type}}","patch":{{patch}},"fields":[".data.CURRENCY"]}""");

        Assert.Equal("""{".data.CURRENCY":"USD"}""", answer.GetProperty("object").GetRawText());
        Assert.Equal("USD", (string?)MapOf(door, "shop-settings")!["data"]!["CURRENCY"]);
    }

    [Fact]
    public async Task Patch_OfASubresource_NeedsThePermissionForThat()
    {
        const string scale = """{"group":"apps","resource":"deployments","namespace":"bookstore","name":"catalog","subresource":"scale","type":"merge","patch":{"spec":{"replicas":7}}}""";
        const string deployments = """{ "kubernetes": [{ "apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["patch"], "namespaces": ["bookstore"] }] }""";
        await using var whole = await CommandDoor.OpenAsync(deployments);
        await using var door = await CommandDoor.OpenAsync(deployments.Replace("deployments\"", "deployments/scale\"", StringComparison.Ordinal));

        Assert.Equal(ErrorCode.PermissionDenied, await whole.CodeAsync("kubernetes.patch", scale));
        Assert.Equal(ErrorCode.Invalid, await door.CodeAsync("kubernetes.patch", scale.Replace("\"scale\"", "\"scale/../../../x\"", StringComparison.Ordinal)));
        await door.CallAsync("kubernetes.patch", scale);

        Assert.Equal(7, door.Fixture.ReplicasOf("catalog"));
    }

    public static TheoryData<string, string> BodiesThatSaySomethingElse()
    {
        const string create = "kubernetes.create", apply = "kubernetes.apply", patch = "kubernetes.patch";
        static string Whole(string body) => $$"""{"resource":"configmaps","namespace":"bookstore","name":"new","object":{{body}}}""";
        static string Patched(string type, string body) => $$"""{"resource":"configmaps","namespace":"bookstore","name":"shop-settings","type":"{{type}}","patch":{{body}}}""";
        var data = new TheoryData<string, string>();
        foreach (var call in new[] { create, apply })
        {
            data.Add(call, Whole("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"new","namespace":"kube-system"}}"""));
            data.Add(call, Whole("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"other"}}"""));
            data.Add(call, Whole("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{}}"""));
            data.Add(call, Whole("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"generateName":"new-"}}"""));
            data.Add(call, Whole("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"new","generateName":"new-"}}"""));
            data.Add(call, Whole("""{"apiVersion":"v1","kind":"Secret","metadata":{"name":"new"}}"""));
            data.Add(call, Whole("""{"apiVersion":"v1","kind":"secrets","metadata":{"name":"new"}}"""));
            data.Add(call, Whole("""{"apiVersion":"v2","kind":"ConfigMap","metadata":{"name":"new"}}"""));
            data.Add(call, Whole("""{"kind":"ConfigMap","metadata":{"name":"new"}}"""));
            data.Add(call, Whole("""{"apiVersion":"v1","kind":"List","metadata":{"name":"new"},"items":[{"apiVersion":"v1","kind":"Secret","metadata":{"name":"new"}}]}"""));
            data.Add(call, Whole("""{"apiVersion":"v1","kind":"ConfigMapList","metadata":{"name":"new"},"items":[]}"""));
            data.Add(call, Whole("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"new"},"metadata":{"name":"new","namespace":"kube-system"}}"""));
            data.Add(call, Whole("[]"));
            data.Add(call, """{"resource":"namespaces","namespace":"bookstore","name":"new","object":{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"new"}}}""");
        }
        foreach (var type in new[] { "merge", "strategic" })
        {
            data.Add(patch, Patched(type, """{"metadata":{"namespace":"kube-system"}}"""));
            data.Add(patch, Patched(type, """{"metadata":{"name":"other"}}"""));
            data.Add(patch, Patched(type, """{"metadata":null}"""));
            data.Add(patch, Patched(type, """{"kind":"Secret"}"""));
            data.Add(patch, Patched(type, """{"apiVersion":"v2"}"""));
            data.Add(patch, Patched(type, "[]"));
        }
        data.Add(patch, Patched("json", """[{"op":"replace","path":"/metadata/namespace","value":"kube-system"}]"""));
        data.Add(patch, Patched("json", """[{"op":"replace","path":"","value":{}}]"""));
        data.Add(patch, Patched("json", """[{"op":"add","path":"/kind","value":"Secret"}]"""));
        data.Add(patch, Patched("json", """[{"op":"move","from":"/metadata/name","path":"/data/x"}]"""));
        data.Add(patch, Patched("json", """[{"op":"replace","path":"x/metadata/namespace","value":"kube-system"}]"""));
        data.Add(patch, Patched("json", """[{"op":"move","from":"x/metadata/name","path":"/data/x"}]"""));
        data.Add(patch, Patched("json", """[{"path":"/data/x","value":"1"}]"""));
        data.Add(patch, Patched("json", """{"data":{}}"""));
        return data;
    }

    [Theory]
    [MemberData(nameof(BodiesThatSaySomethingElse))]
    public async Task Write_BodyThatSaysSomethingElseThanTheArguments_IsInvalid(string call, string arguments)
    {
        await using var door = await CommandDoor.OpenAsync(EverythingInOneNamespace);
        var before = door.Fixture.Cluster.Store.List("v1", "ConfigMap").Count + door.Fixture.Cluster.Store.List("v1", "Secret").Count;

        Assert.Equal(ErrorCode.Invalid, await door.CodeAsync(call, arguments));

        Assert.Equal(before, door.Fixture.Cluster.Store.List("v1", "ConfigMap").Count + door.Fixture.Cluster.Store.List("v1", "Secret").Count);
        Assert.Equal("EUR", (string?)MapOf(door, "shop-settings")!["data"]!["CURRENCY"]);
    }

    [Theory]
    [InlineData("kubernetes.create", """{"resource":"secrets","namespace":"bookstore","name":"new","object":{"apiVersion":"v1","kind":"Secret","metadata":{"name":"new"}}}""")]
    [InlineData("kubernetes.apply", """{"resource":"secrets","namespace":"bookstore","name":"new","object":{"apiVersion":"v1","kind":"Secret","metadata":{"name":"new"}}}""")]
    [InlineData("kubernetes.patch", """{"resource":"secrets","namespace":"bookstore","name":"payment-gateway","type":"merge","patch":{"data":{}}}""")]
    [InlineData("kubernetes.create", """{"resource":"configmaps","name":"new","object":{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"new","namespace":"kube-system"}}}""")]
    public async Task Write_BeyondWhatAStarPermits_IsRefused(string call, string arguments)
    {
        await using var door = await CommandDoor.OpenAsync(EverythingInOneNamespace);

        Assert.Equal(ErrorCode.PermissionDenied, await door.CodeAsync(call, arguments));
    }

    private static System.Text.Json.Nodes.JsonNode? MapOf(CommandDoor door, string name) => door.Fixture.Cluster.Store.Get("v1", "ConfigMap", "bookstore", name);
}
