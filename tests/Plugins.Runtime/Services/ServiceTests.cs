using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Sandbox.Audit;

namespace LazyOC.Plugins.Runtime.Tests.Services;

/// <summary>Services between plugins on QuickJS.</summary>
public sealed class ServiceTests
{
    private const string Caller = "acme.caller";
    private const string Callee = "acme.series";

    private const string May = """ "permissions": { "services": { "call": ["acme.series/*", "acme.middle/go", "acme.gone/x"] } }, """;

    private const string Exports = """
        "exports": { "services": {
          "double": { "input": { "type": "object", "properties": { "n": { "type": "number" } }, "required": ["n"], "additionalProperties": false }, "output": { "type": "number" } },
          "slow": { "input": true, "output": true },
          "list": { "input": true, "output": { "type": "array" } }
        } },
        """;

    private const string Doubles = """
        lazyoc.on("service", ({ service, caller, input }, { gesture }) => {
          if (service === "slow") return new Promise(() => {});
          if (service === "list") return "no array";
          if (input.n === 0) throw new Error("nothing to double");
          console.log(`${caller} asked with gesture ${gesture}`);
          return input.n * 2;
        });
        """;

    /// <summary>Calls a service in its command and logs what came of it.</summary>
    private static string Calls(string service, string input, string more = "") => $$"""
        lazyoc.on("command", async (payload, { gesture }) => {
          try {
            const { output } = await lazyoc.call("services.call", { service: "{{service}}", input: {{input}}{{more}} }, gesture);
            console.log("answer " + JSON.stringify(output));
          } catch (error) { console.log(error.code + ": " + error.message); }
        });
        """;

    [Fact]
    public async Task Call_OfAServiceThatDoesNotRun_StartsItAnswersAndIsAuditedWithBoth()
    {
        await using var fixture = await StartAsync(Calls($"{Callee}/double", "{ n: 21 }"));
        Assert.Equal(PluginState.Enabled, fixture.Status(Callee).State);

        Assert.Equal("answer 42", await RunAsync(fixture));

        Assert.Equal(PluginState.Active, fixture.Status(Callee).State);
        Assert.Contains($"{Callee} Info {Caller} asked with gesture undefined", fixture.LogLines);
        Assert.Contains(await fixture.AuditedAsync(Callee), e => e is { Call: "service", Target: $"double for {Caller} 1.0.0", Decision: AuditDecision.Done });
    }

    [Theory]
    [InlineData("acme.series/double", """{ n: "x" }""", "invalid: `acme.series/double` does not take this: `input.n` is `x`; expected a number")]
    [InlineData("acme.series/double", """{ m: 1 }""", "invalid: `acme.series/double` does not take this: `input.n` is missing")]
    [InlineData("acme.series/doubel", "1", "not-found: acme.series 1.0.0 has no service `doubel`\nhint: did you mean `double`?")]
    [InlineData("acme.gone/x", "1", "not-found: acme.gone is not installed, or not enabled")]
    [InlineData("acme.series", "1", "invalid: the arguments of `services.call` are not valid: `service` is `acme.series`; expected a plugin and its service")]
    [InlineData("acme.series/double", "{ n: 0 }", "unavailable: `acme.series/double` failed: threw: Error: nothing to double")]
    public async Task Call_Refused_SaysWhatWasExpected(string service, string input, string expected)
    {
        await using var fixture = await StartAsync(Calls(service, input));

        Assert.StartsWith(expected, await RunAsync(fixture), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(""" "permissions": { "services": { "call": ["acme.series/list"] } }, """, "permission-denied: this plugin has no permission to call acme.series/double")]
    [InlineData(May, "answer 42")]
    public async Task Call_WithoutPermission_IsRefusedBesideItsControl(string permissions, string expected)
    {
        await using var fixture = await StartAsync(Calls($"{Callee}/double", "{ n: 21 }"), permissions);

        Assert.Equal(expected, await RunAsync(fixture));
    }

    [Fact]
    public async Task Call_AnsweredAgainstItsSchema_IsTheCalleesFault()
    {
        await using var fixture = await StartAsync(Calls($"{Callee}/list", "1"));

        Assert.Equal("unavailable: `acme.series/list` failed: its answer is not what it says it answers: `output` is `no array`; expected an array", await RunAsync(fixture));
        Assert.Equal((1, 0), (fixture.Status(Callee).Account.Faults, fixture.Status(Caller).Account.Faults));
    }

    [Fact]
    public async Task Call_WithATimeout_EndsAndIsNotTheCalleesFault()
    {
        await using var fixture = await StartAsync(Calls($"{Callee}/slow", "1", ", timeoutMs: 50"));

        Assert.Equal("timeout: `acme.series/slow` did not answer within 50 ms", await RunAsync(fixture));
        Assert.Equal(0, fixture.Status(Callee).Account.Faults);
    }

    [Fact]
    public async Task Call_BackToWhoWaits_IsAConflictAndBothLive()
    {
        const string middle = """ "exports": { "services": { "go": { "input": true, "output": { "type": "string" } } } }, "permissions": { "services": { "call": ["acme.caller/back"] } }, """;
        await using var fixture = await (await HostFixture.CreateAsync("empty"))
            .WithJavaScript(Caller, May + """ "exports": { "services": { "back": { "input": true, "output": true } } }, """, Calls("acme.middle/go", "1") + """lazyoc.on("service", () => 1);""")
            .WithJavaScript("acme.middle", middle, """
                lazyoc.on("command", () => {});
                lazyoc.on("service", async () => {
                  try { await lazyoc.call("services.call", { service: "acme.caller/back", input: 1 }); return "went through"; }
                  catch (error) { return error.code + ": " + error.message; }
                });
                """)
            .StartAsync();

        Assert.Equal("answer \"conflict: acme.caller waits for acme.middle itself: acme.caller → acme.middle → acme.caller\"", await RunAsync(fixture, "answer"));
        Assert.Equal(0, fixture.Status("acme.middle").Account.Faults + fixture.Status(Caller).Account.Faults);
    }

    [Fact]
    public async Task Call_OfAService_RunsByTheCalleesOwnRights()
    {
        const string reads = """ "exports": { "services": { "count": { "input": true, "output": { "type": "integer" } } } }, "permissions": { "kubernetes": [{ "apiGroups": [""], "resources": ["pods"], "verbs": ["list"] }] }, """;
        await using var fixture = await (await HostFixture.CreateAsync())
            .WithJavaScript(Caller, """ "permissions": { "services": { "call": ["acme.reader/count"] } }, """, Calls("acme.reader/count", "1"))
            .WithJavaScript("acme.reader", reads, """lazyoc.on("service", async () => (await lazyoc.call("kubernetes.list", { resource: "pods", namespace: "bookstore" })).items.length);""")
            .StartAsync();

        Assert.Equal($"answer {fixture.Cluster.Store.List("v1", "Pod", "bookstore").Count}", await RunAsync(fixture));
    }

    private static async Task<HostFixture> StartAsync(string caller, string permissions = May) => await (await HostFixture.CreateAsync("empty"))
        .WithJavaScript(Caller, permissions, caller)
        .WithJavaScript(Callee, Exports, Doubles)
        .StartAsync();

    /// <summary>Runs the caller's command; what it logged.</summary>
    private static async Task<string> RunAsync(HostFixture fixture, string expected = "")
    {
        Assert.IsType<InvocationResult.Done>(await fixture.Extensions.RunCommandAsync($"{Caller}.command"));
        Assert.Empty(fixture.Bugs);
        const string prefix = $"{Caller} Info ";
        return fixture.LogLines.Last(line => line.StartsWith(prefix + expected, StringComparison.Ordinal))[prefix.Length..];
    }
}
