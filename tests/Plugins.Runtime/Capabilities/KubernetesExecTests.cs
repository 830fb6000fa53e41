using System.Text.Json;
using LazyOC.Plugins.Contracts.Messages;

namespace LazyOC.Plugins.Runtime.Tests.Capabilities;

public sealed class KubernetesExecTests
{
    private const string Call = "kubernetes.exec";
    private const string Exec = """{ "kubernetes": [{ "apiGroups": [""], "resources": ["pods/exec"], "verbs": ["create"], "namespaces": ["bookstore"] }] }""";

    [Fact]
    public async Task Exec_Command_AnswersOutputErrorsAndExitCode()
    {
        await using var door = await CommandDoor.OpenAsync(Exec);

        var answer = await door.CallAsync(Call, Arguments(door, """["sh","-c","echo out; echo err >&2; exit 3"]"""));

        Assert.Equal((3, "out\n", "err\n", false), (answer.GetProperty("exitCode").GetInt32(), Text(answer, "stdout"), Text(answer, "stderr"), answer.GetProperty("truncated").GetBoolean()));
        Assert.Contains(await door.Fixture.AuditedAsync(CommandDoor.Id), l => l.Call == Call && l.Target.EndsWith(": sh", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Exec_Stdin_IsReadToItsEnd()
    {
        await using var door = await CommandDoor.OpenAsync(Exec);
        var text = new string('é', 40_000);

        var answer = await door.CallAsync(Call, Arguments(door, """["cat"]""", $$""", "stdin": "{{text}}" """));

        Assert.Equal((0, text), (answer.GetProperty("exitCode").GetInt32(), Text(answer, "stdout")));
    }

    [Fact]
    public async Task Exec_WithoutPermissionGestureOrOutsideTheNamespace_IsRefused()
    {
        const string star = """{ "kubernetes": [{ "apiGroups": ["*"], "resources": ["*"], "verbs": ["*"] }] }""";
        await using var door = await CommandDoor.OpenAsync(Exec);
        await using var others = await CommandDoor.OpenAsync(star);
        await using var readOnly = await CommandDoor.OpenAsync(Exec, readOnly: true);

        Assert.Equal(ErrorCode.GestureRequired, await door.CodeAsync(Call, Arguments(door, """["true"]"""), withGesture: false));
        Assert.Equal(ErrorCode.PermissionDenied, await door.CodeAsync(Call, """{"namespace":"kube-system","pod":"x","command":["true"]}"""));
        Assert.Equal(ErrorCode.PermissionDenied, await others.CodeAsync(Call, Arguments(others, """["true"]""")));
        Assert.Equal(ErrorCode.PermissionDenied, await readOnly.CodeAsync(Call, Arguments(readOnly, """["true"]""")));
    }

    [Fact]
    public async Task Exec_ThatCannotBe_SaysWhy()
    {
        await using var door = await CommandDoor.OpenAsync(Exec);

        Assert.Equal(ErrorCode.NotFound, await door.CodeAsync(Call, """{"namespace":"bookstore","pod":"no-such-pod","command":["true"]}"""));
        var noProgram = (await door.TryAsync(Call, Arguments(door, """["no-such-program"]"""))).Error!;
        Assert.Equal(ErrorCode.Invalid, noProgram.Code);
        Assert.Contains("executable file not found", noProgram.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.Invalid, await door.CodeAsync(Call, Arguments(door, "[]")));
        Assert.Equal(ErrorCode.Invalid, await door.CodeAsync(Call, Arguments(door, """["true"]""", """, "timeoutMs": 0""")));
        Assert.Equal(ErrorCode.Invalid, await door.CodeAsync(Call, """{"namespace":"bookstore","pod":"../x","command":["true"]}"""));
    }

    [Fact]
    public async Task Exec_UserWhoMayNot_IsRefusedByTheCluster()
    {
        await using var door = await CommandDoor.OpenAsync(Exec, prepare: fixture => fixture.ActAsDeveloper());

        Assert.Equal(ErrorCode.PermissionDenied, await door.CodeAsync(Call, Arguments(door, """["true"]""")));
    }

    [Fact]
    public async Task Exec_ThatDoesNotEnd_TimesOutWhetherItWritesOrNot()
    {
        await using var door = await CommandDoor.OpenAsync(Exec);

        Assert.Equal(ErrorCode.Timeout, await door.CodeAsync(Call, Arguments(door, """["sleep","infinity"]""", """, "timeoutMs": 50""")));
        Assert.Equal(ErrorCode.Timeout, await door.CodeAsync(Call, Arguments(door, """["yes"]""", """, "timeoutMs": 50""")));
    }

    [Fact]
    public async Task Exec_InAnActionThatIsCancelled_EndsCancelled()
    {
        Answer answer = default;
        var fixture = await HostFixture.CreateAsync();
        await using var _ = fixture;
        var begun = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        await fixture.With(CommandDoor.Id, Exec, async turn =>
        {
            if (turn.Message.Type != MessageType.Command) return "{}";
            var call = turn.TryCallAsync(Call, $$"""{"namespace":"bookstore","pod":"{{PodOf(fixture)}}","command":["sleep","infinity"]}""", turn.Message.Gesture).AsTask();
            begun.SetResult();
            answer = await call;
            ended.SetResult();
            return "{}";
        }).StartAsync();
        using var cancels = new CancellationTokenSource();
        var running = fixture.Extensions.RunCommandAsync($"{CommandDoor.Id}.command", null, cancels.Token);
        await begun.Task;

        await cancels.CancelAsync();

        await ended.Task.WaitAsync(TimeSpan.FromSeconds(15));
        Assert.Equal(ErrorCode.Cancelled, answer.Error?.Code);
        Assert.Empty(fixture.Bugs);
        await Record.ExceptionAsync(() => running);
    }

    [Fact]
    public async Task Exec_OutputBeyondAnAnswer_IsTruncated()
    {
        await using var door = await CommandDoor.OpenAsync(Exec, prepare: fixture => fixture.Sandbox = new() { AnswerBytes = 2_048 });

        var answer = await door.CallAsync(Call, Arguments(door, """["cat"]""", $$""", "stdin": "{{new string('é', 5_000)}}" """));

        Assert.True(answer.GetProperty("truncated").GetBoolean());
        Assert.InRange(answer.GetRawText().Length, 512, 2_048);
    }

    private static string Arguments(CommandDoor door, string command, string more = "") => $$"""{"namespace":"bookstore","pod":"{{PodOf(door.Fixture)}}","command":{{command}}{{more}}}""";

    private static string PodOf(HostFixture fixture) =>
        fixture.Cluster.Store.List("v1", "Pod", "bookstore").Select(p => (string)p["metadata"]!["name"]!).First(name => name.StartsWith("catalog", StringComparison.Ordinal));

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
