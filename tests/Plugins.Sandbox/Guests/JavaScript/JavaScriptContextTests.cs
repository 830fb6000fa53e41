using System.Text;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;

namespace LazyOC.Plugins.Sandbox.Guests.JavaScript;

/// <summary>What a plugin finds in its context, and what it does not.</summary>
public sealed class JavaScriptContextTests
{
    [Theory]
    [InlineData("eval('1')")]
    [InlineData("(0, eval)('1')")]
    [InlineData("Function('return 1')()")]
    [InlineData("new Function('return 1')()")]
    [InlineData("new (async () => {}).constructor('return 1')")]
    [InlineData("new (function* () {}).constructor('yield 1')")]
    [InlineData("new (async function* () {}).constructor('yield 1')")]
    public async Task Context_CodeFromText_Throws(string attempt)
    {
        await using var guest = await TestGuest.StartJavaScriptAsync($"lazyoc.on('render', () => {{ try {{ return {{ ran: String({attempt}) }}; }} catch (e) {{ return e.name + ': ' + e.message; }} }});");

        Assert.Equal("\"TypeError: eval is not supported\"", await guest.AskAsync("render"));
    }

    [Theory]
    [InlineData("eval('1+1')", "2")]
    [InlineData("Function('return 3')()", "3")]
    public void Vm_ThatCanCompile_RunsCodeFromText(string code, string expected)
    {
        // The control of Context_CodeFromText_Throws: the same engine with the intrinsic.
        using var vm = NewVm(canCompile: true);
        var bytecode = vm.Compile(Encoding.UTF8.GetBytes(code), "x.js", isModule: false);

        Assert.Equal(expected, vm.ToText(vm.Evaluate(bytecode), 100));
    }

    [Theory]
    [InlineData("import fs from 'fs';")]
    [InlineData("await import('fs');")]
    [InlineData("export * from 'fs';")]
    public async Task StartAsync_ImportOfAnotherModule_FailsSayingToBundle(string code)
    {
        var fault = await TestGuest.FailJavaScriptAsync(code);

        Assert.Contains("`fs` cannot be imported: a plugin is one file", fault.Message, StringComparison.Ordinal);
        Assert.Contains("hint: bundle it", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_SyntaxError_FailsToLoadSayingWhere()
    {
        var fault = await TestGuest.FailJavaScriptAsync("let a = 1;\nlet b = ;");

        Assert.Equal(GuestFaultKind.LoadFailed, fault.Kind);
        Assert.StartsWith("SyntaxError: ", fault.Message, StringComparison.Ordinal);
        Assert.Equal("    at plugin.js:2:9", fault.Stack);
    }

    [Theory]
    [InlineData("throw new TypeError('broken');")]
    [InlineData("await 1; throw new TypeError('broken');")]
    public async Task StartAsync_ModuleThrows_FailsWithIt(string code)
    {
        var fault = await TestGuest.FailJavaScriptAsync("export {};\n" + code);

        Assert.Equal("TypeError: broken", fault.Message);
        Assert.Contains("plugin.js:2:", fault.Stack, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_TopLevelAwaitThatSettles_IsAwaited()
    {
        await using var guest = await TestGuest.StartJavaScriptAsync("const x = await Promise.resolve(7); lazyoc.on('render', () => x);");

        Assert.Equal("7", await guest.AskAsync("render"));
    }

    [Fact]
    public async Task StartAsync_TopLevelAwaitThatDoesNotSettle_FailsToLoad()
    {
        var fault = await TestGuest.FailJavaScriptAsync("await new Promise(() => {});");

        Assert.Equal(GuestFaultKind.LoadFailed, fault.Kind);
        Assert.Contains("hint: do it in the handler of `activate`", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_HostCallWhileLoading_IsRefused()
    {
        var fault = await TestGuest.FailJavaScriptAsync("await lazyoc.call('host.info');");

        Assert.Contains("once the plugin is active", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_Granted_ResolvesWithTheAnswer()
    {
        await using var guest = await TestGuest.StartJavaScriptAsync("lazyoc.on('action', (payload, message) => lazyoc.call('kubernetes.list', { limit: 3 }, message.gesture));");

        Assert.Equal("""{"name":"kubernetes.list","args":{"limit":3},"gesture":"G"}""", await guest.AskAsync("action", gesture: "G"));
    }

    [Fact]
    public async Task Call_Refused_RejectsWithCodeMessageAndTheCallersStack()
    {
        await using var guest = await TestGuest.StartJavaScriptAsync(
            "lazyoc.on('render', async function draw() { try { await lazyoc.call('x'); } catch (e) { return [e instanceof Error, e.code, e.message, e.stack.includes('draw')]; } });",
            (_, _) => ValueTask.FromResult(Answer.Failure(ErrorCode.PermissionDenied, "not granted")));

        Assert.Equal("""[true,"permission-denied","not granted",true]""", await guest.AskAsync("render"));
    }

    [Fact]
    public async Task Call_MoreThanMayBeOpen_IsRefusedAtOnce()
    {
        var release = new TaskCompletionSource<Answer>();
        await using var guest = await TestGuest.StartJavaScriptAsync(
            """
            lazyoc.on("render", async () => {
              let refused = 0;
              const all = [];
              for (let i = 0; i < 1000; i++) all.push(lazyoc.call("x").catch((e) => { if (e.code === "quota-exceeded") refused++; }));
              await all[999];
              return refused;
            });
            """,
            (_, _) => new ValueTask<Answer>(release.Task));

        Assert.Equal("936", await guest.AskAsync("render"));
        Assert.Equal(64, guest.Guest.Usage.Calls);
        release.SetResult(Answer.Failure(ErrorCode.Unavailable, ""));
    }

    [Fact]
    public async Task Call_ArgumentsTooLarge_IsRefused()
    {
        await using var guest = await TestGuest.StartJavaScriptAsync("lazyoc.on('render', () => lazyoc.call('x', { a: 'x'.repeat(1 << 20) }).catch((e) => e.code));");

        Assert.Equal("\"too-large\"", await guest.AskAsync("render"));
        Assert.Equal(0, guest.Guest.Usage.Calls);
    }

    [Fact]
    public async Task Call_AnswerTooLarge_IsAnError()
    {
        await using var guest = await TestGuest.StartJavaScriptAsync(
            "lazyoc.on('render', () => lazyoc.call('x').catch((e) => e.code));",
            (_, _) => ValueTask.FromResult(Answer.Success(Encoding.UTF8.GetBytes($"\"{new string('x', Envelope.MaxBytes)}\""))));

        Assert.Equal("\"too-large\"", await guest.AskAsync("render"));
    }

    [Fact]
    public async Task Call_HandlerThrows_IsInternalAndLogged()
    {
        await using var guest = await TestGuest.StartJavaScriptAsync(
            "lazyoc.on('render', () => lazyoc.call('x').catch((e) => e.code));",
            (_, _) => throw new InvalidOperationException("a bug"));

        Assert.Equal("\"internal\"", await guest.AskAsync("render"));
        Assert.Contains(guest.Log, entry => entry.Level == PluginLogLevel.Error && entry.Line.Contains("a bug", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Prelude_PrototypesTampered_StillCarriesMessagesAndCalls()
    {
        await using var guest = await TestGuest.StartJavaScriptAsync(
            """
            const fail = () => { throw "tampered"; };
            const { defineProperty } = Object;
            const targets = [];
            for (const proto of [Promise.prototype, Map.prototype, Array.prototype, String.prototype, Function.prototype, Error.prototype]) {
              for (const key of Reflect.ownKeys(proto)) targets[targets.length] = [proto, key];
            }
            // What a plugin does to these two it does to its own async functions.
            targets.splice(targets.findIndex(([proto, key]) => proto === Promise.prototype && key === "then"), 1);
            targets.splice(targets.findIndex(([proto, key]) => proto === Promise.prototype && key === "constructor"), 1);
            for (const key of ["code", "message", "resolve", "reject", "error", "0", "1", "2"]) targets[targets.length] = [Object.prototype, key];
            const tampered = { __proto__: null, get: fail, set: fail, configurable: true };
            for (let i = 0; i < targets.length; i++) {
              try { defineProperty(targets[i][0], targets[i][1], tampered); } catch {}
            }
            JSON.stringify = JSON.parse = Reflect.apply = Object.freeze = Object.defineProperty = fail;
            globalThis.Promise = globalThis.Error = undefined;
            lazyoc.on("render", (payload) => payload);
            lazyoc.on("ask", (payload) => lazyoc.call("x", payload));
            lazyoc.on("fail", () => { throw { name: "N", message: "M", stack: "" }; });
            """);

        Assert.Equal("""{"x":1}""", await guest.AskAsync("render", """{"x":1}"""));
        Assert.Equal("""{"name":"x","args":{"x":2},"gesture":null}""", await guest.AskAsync("ask", """{"x":2}"""));
        Assert.Equal("N: M", (await guest.FailAsync("fail")).Message);
    }

    [Theory]
    [InlineData("lazyoc = 1")]
    [InlineData("lazyoc.call = 1")]
    [InlineData("delete globalThis.lazyoc")]
    [InlineData("Object.defineProperty(globalThis, 'lazyoc', { value: 1 })")]
    public async Task Lazyoc_Replaced_Throws(string attempt)
    {
        var fault = await TestGuest.FailJavaScriptAsync(attempt + ";");

        Assert.StartsWith("TypeError: ", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Globals_Bridges_AreNotAmongThem()
    {
        await using var guest = await TestGuest.StartJavaScriptAsync("lazyoc.on('render', () => ['answer', 'settle', 'dispatch', 'a', 'c', 'setImmediate', 'Headers', 'Response', 'Atomics', 'process', 'require'].filter((n) => n in globalThis));");

        Assert.Equal("[]", await guest.AskAsync("render"));
    }

    [Fact]
    public async Task Console_Values_AreLoggedAsTextAtTheirLevel()
    {
        await using var guest = await TestGuest.StartJavaScriptAsync(
            """
            console.log("a", 1, { b: [2] }, null, undefined, 3n, Symbol("s"), function f() {});
            console.debug("d"); console.warn("w"); console.error("\ud800");
            const cyclic = {}; cyclic.self = cyclic; console.info(cyclic);
            console.log("x".repeat(10000));
            """);

        Assert.Equal(
            [
                (PluginLogLevel.Info, """a 1 {"b":[2]} null undefined 3n Symbol(s) [function f]"""),
                (PluginLogLevel.Debug, "d"),
                (PluginLogLevel.Warn, "w"),
                (PluginLogLevel.Error, "\ufffd"),
                (PluginLogLevel.Info, "[object Object]"),
                (PluginLogLevel.Info, new string('x', 8192) + '…'),
            ],
            guest.Log);
    }

    [Theory]
    [InlineData("[...new TextEncoder().encode('a€😀\\ud800')]", "[97,226,130,172,240,159,152,128,239,191,189]")]
    [InlineData("new TextDecoder().decode(new Uint8Array([239, 187, 191, 226, 130, 172]))", "\"€\"")]
    [InlineData("new TextDecoder('utf-8', { ignoreBOM: true }).decode(new Uint8Array([239, 187, 191])).length", "1")]
    [InlineData("new TextDecoder().decode(new Uint8Array([97, 255, 226, 130, 98, 237, 160, 128]))", "\"a\ufffd\ufffdb\ufffd\ufffd\ufffd\"")]
    [InlineData("new TextDecoder().decode(new Uint16Array([0x6261]).buffer)", "\"ab\"")]
    [InlineData("new TextDecoder().decode(new Uint8Array(0))", "\"\"")]
    [InlineData("(() => { try { new TextDecoder('utf8', { fatal: true }).decode(new Uint8Array([255])); } catch (e) { return e.name; } })()", "\"TypeError\"")]
    [InlineData("(() => { try { new TextDecoder('latin1'); } catch (e) { return e.name; } })()", "\"RangeError\"")]
    [InlineData("structuredClone({ a: [1, , { b: new Date(5) }], m: new Map([[{ k: 1 }, new Set([1])]]), r: /x/g }).a[2].b.getTime()", "5")]
    [InlineData("(() => { const c = {}; c.self = c; const d = structuredClone(c); return d !== c && d.self === d; })()", "true")]
    [InlineData("(() => { const e = structuredClone(new RangeError('x')); return [e instanceof RangeError, e.message]; })()", "[true,\"x\"]")]
    [InlineData("(() => { const u = new Uint16Array([1, 2, 3]).subarray(1); const v = structuredClone(u); v[0] = 9; return [u[0], v[0], v.length, v.byteOffset]; })()", "[2,9,2,2]")]
    [InlineData("(() => { try { structuredClone(() => 1); } catch (e) { return e.name; } })()", "\"DataCloneError\"")]
    [InlineData("new Date(0).toString()", "\"Thu Jan 01 1970 00:00:00 GMT+0000\"")]
    [InlineData("new Date(2026, 6, 1).getTimezoneOffset()", "0")]
    [InlineData("btoa(atob('aGk='))", "\"aGk=\"")]
    [InlineData("[...crypto.getRandomValues(new Uint8Array(4))]", "[1,2,3,4]")]
    [InlineData("(() => { try { crypto.getRandomValues(new Float32Array(4)); } catch (e) { return e.name; } })()", "\"TypeMismatchError\"")]
    [InlineData("(() => { try { crypto.getRandomValues(new Uint8Array(65537)); } catch (e) { return e.name; } })()", "\"QuotaExceededError\"")]
    [InlineData("new Promise((resolve) => queueMicrotask(() => resolve('micro')))", "\"micro\"")]
    [InlineData("((t) => Math.abs(t - Math.round(t)) < 0.001)(performance.now())", "true")]
    public async Task Globals_OfTheWeb_BehaveAsThere(string expression, string expected)
    {
        await using var guest = await TestGuest.StartJavaScriptAsync($"lazyoc.on('render', () => {expression});", configure: options => options with
        {
            FillRandom = bytes =>
            {
                for (var i = 0; i < bytes.Length; i++)
                    bytes[i] = (byte)(i + 1);
            },
        });

        Assert.Equal(expected, await guest.AskAsync("render"));
    }

    private static QuickJsVm NewVm(bool canCompile) => new(new GuestLimits(MemoryBytes: 64 << 20), canCompile, new QuickJsHost
    {
        Time = TimeProvider.System,
        FillRandom = bytes => bytes.Clear(),
        ShouldInterrupt = () => false,
    });
}
