using System.Text;

namespace LazyOC.Plugins.Sandbox.Guests.JavaScript;

/// <summary>Samples of what runs in QuickJS, taken within its operations.</summary>
public sealed class StackSamplingTests
{
    /// <summary>Does much of what JavaScript can do, and says what came of it.</summary>
    private const string Everything = """
        const out = [];
        function depth() { let n = 0; (function down() { n++; down(); }).call(); return n; }
        function* numbers(n) { try { for (let i = 0; i < n; i++) yield i; } finally { out.push("closed"); } }
        class Counted { #n = 0; get n() { return ++this.#n; } static { Counted.made = 1; } }
        function thrower(n) { if (n === 0) throw new TypeError("deep"); return thrower(n - 1); }
        async function later(n) { let sum = 0; for (let i = 0; i < n; i++) { sum += i; if (i % 20000 === 0) await null; } return sum; }
        let prepared = 0;
        lazyoc.on("work", async () => {
          out.length = 0;
          let sum = 0;
          for (let i = 0; i < 300000; i++) sum = (sum * 31 + i) | 0;
          out.push(sum);
          let yielded = 0;
          for (const i of numbers(60000)) { yielded += i; if (i === 50000) break; }
          out.push(yielded);
          const values = Array.from({ length: 20000 }, (_, i) => (i * 7919) % 20011);
          out.push(values.sort((a, b) => a - b).slice(0, 5), values.length);
          out.push(/^(a|aa)+$/.test("a".repeat(24) + "b"), "x1y22".replace(/\d+/g, (d) => d.length));
          const counted = new Counted();
          for (let i = 0; i < 40000; i++) counted.n;
          out.push(counted.n);
          const seen = [];
          const proxy = new Proxy({}, { get: (_, key) => { let n = 0; for (let i = 0; i < 15000; i++) n += i; seen.push(String(key)); return n; } });
          out.push(proxy.a + proxy.b, seen);
          out.push(JSON.parse(JSON.stringify(values.slice(0, 3000)), (k, v) => { for (let i = 0; i < 10; i++) v; return v; }).length);
          out.push(await later(100000), await Promise.all([later(30000), later(40000)]));
          try { thrower(30); } catch (error) { out.push(error.message, error.stack); }
          try { depth(); } catch (error) { out.push(error.name); }
          Error.stackTraceLimit = 3;
          try { thrower(30); } catch (error) { out.push(error.stack); }
          Error.prepareStackTrace = (error, sites) => { prepared++; return `${error.message} ${sites.length}`; };
          for (let i = 0; i < 100000; i++) sum ^= i;
          try { thrower(30); } catch (error) { out.push(error.stack, prepared); }
          out.push(Error.stackTraceLimit, typeof Error.prepareStackTrace, Object.keys(Error));
          Error.prepareStackTrace = undefined;
          Error.stackTraceLimit = 10;
          out.push(Math.random(), Math.random(), Array.from(crypto.getRandomValues(new Uint8Array(8))));
          return { out };
        });
        """;

    [Fact]
    public async Task Sample_TwoHotFunctions_CountsEachByItsTime()
    {
        var log = new SampleLog(TimeSpan.FromMilliseconds(1));
        await using var guest = await TestGuest.StartJavaScriptAsync(
            """
            function spin(n) { let sum = 0; for (let i = 0; i < n; i++) sum = (sum + i * i) | 0; return sum; }
            function hot() { return spinHot(600000); }
            function spinHot(n) { let sum = 0; for (let i = 0; i < n; i++) sum = (sum + i * i) | 0; return sum; }
            function warm() { return spin(100000); }
            lazyoc.on("work", () => { let sum = 0; for (let i = 0; i < 8; i++) sum ^= hot() ^ warm(); return { sum }; });
            """, configure: options => log.On(Patient(options)));

        await guest.AskAsync("work");

        Assert.True(log.CountOf("spinHot") > 3 * log.CountOf("spin"), Show(log));
        Assert.True(log.CountOf("spin") > 0, Show(log));
        Assert.All(log.Samples, sample => Assert.True(sample.Cpu >= log.Interval, $"{sample.Cpu}"));
        var hottest = log.Samples.First(sample => sample.Stack[0].Name == "spinHot").Stack;
        Assert.Equal(["spinHot", "hot", "<anonymous>"], hottest.Select(frame => frame.Name));
        Assert.All(hottest[1..], frame => Assert.Equal("plugin.js", frame.File));
        Assert.Equal(2, hottest[1].Line);
    }

    [Fact]
    public async Task Sample_WithASourceMap_NamesThePluginsSources()
    {
        var log = new SampleLog();
        const string map = """{"version":3,"sources":["src/app.ts"],"names":[],"mappings":"AAUA;AAUA"}""";
        await using var guest = await TestGuest.StartJavaScriptAsync(
            """
            function spin(n) { let sum = 0; for (let i = 0; i < n; i++) sum += i; return sum; }
            lazyoc.on("work", () => ({ sum: spin(500000) }));
            """, configure: options => log.On(Patient(options)) with { SourceMap = Encoding.UTF8.GetBytes(map) });

        await guest.AskAsync("work");

        var stack = log.Samples.First(sample => sample.Stack[0].Name == "spin").Stack;
        // What it is in the midst of, the engine has not noted; where it was called, it has.
        Assert.True(stack[0] is { File: null } or { File: "src/app.ts", Line: 11 }, stack[0].ToString());
        Assert.Equal(("src/app.ts", 21), (stack[1].File, stack[1].Line));
    }

    [Fact]
    public async Task Sample_AtEveryOpportunity_ChangesNothingThatTheGuestSees()
    {
        var log = new SampleLog();
        var without = new List<string>();
        var with = new List<string>();
        await using (var guest = await TestGuest.StartJavaScriptAsync(Everything, configure: Deterministic))
            for (var i = 0; i < 3; i++) without.Add(await guest.AskAsync("work"));
        await using (var guest = await TestGuest.StartJavaScriptAsync(Everything, configure: options => log.On(Deterministic(options))))
            for (var i = 0; i < 3; i++) with.Add(await guest.AskAsync("work"));

        Assert.Equal(without, with);
        Assert.True(log.Samples.Count > 50, $"{log.Samples.Count} samples");
        foreach (var function in (string[])["later", "thrower", "numbers", "get n", "down"])
            Assert.True(function is "thrower" or "get n" || log.Samples.Any(sample => sample.Stack.Any(frame => frame.Name == function)), $"{function} was never seen in {Show(log)}");
    }

    [Fact]
    public async Task Sample_GuestThatLaysTraps_RunsNoneOfThem()
    {
        var log = new SampleLog();
        await using var guest = await TestGuest.StartJavaScriptAsync(
            """
            let caught = 0;
            const trap = () => { caught++; throw new Error("trapped"); };
            Error.prepareStackTrace = trap;
            Error.captureStackTrace = trap;
            Function.prototype.call = trap; Function.prototype.apply = trap; Function.prototype.bind = trap;
            Object.defineProperty(Error.prototype, "stack", { get: trap, set: trap, configurable: true });
            Object.defineProperty(Object.prototype, "stack", { get: trap, set: trap, configurable: true });
            Object.defineProperty(Error, "stackTraceLimit", { get: trap, set: trap });
            Object.defineProperty(Error, "prepareStackTrace", { get: trap, set: trap });
            Reflect.apply = trap; Object.defineProperty = trap;
            const named = { ["evil\u001b[2J\n    at faked (other.js:1:1)"]: (n) => { let sum = 0; for (let i = 0; i < n; i++) sum += i; return sum; } };
            const f = named[Object.keys(named)[0]];
            lazyoc.on("work", () => ({ sum: f(500000), caught }));
            """, configure: log.On);

        Assert.Equal("""{"sum":124999750000,"caught":0}""", await guest.AskAsync("work"));

        Assert.NotEmpty(log.Samples);
        Assert.DoesNotContain(log.Samples.SelectMany(sample => sample.Stack), frame => frame.Name.Any(char.IsControl));
        Assert.Empty(guest.Log);
    }

    [Fact]
    public async Task Sample_EndlessLoopAndRegExp_AreInterruptedAllTheSameAndTheInstanceLives()
    {
        var log = new SampleLog();
        await using var guest = await TestGuest.StartJavaScriptAsync(
            """
            lazyoc.on("loop", () => { for (;;); });
            lazyoc.on("regexp", () => ({ found: /^(a|aa)+$/.test("a".repeat(200) + "b") }));
            lazyoc.on("fine", () => ({ fine: true }));
            """, configure: log.On);

        foreach (var type in (string[])["loop", "regexp", "loop"])
        {
            var fault = await guest.FailAsync(type);
            Assert.Equal((GuestFaultKind.Interrupted, false), (fault.Kind, fault.InstanceLost));
        }
        Assert.Equal("""{"fine":true}""", await guest.AskAsync("fine"));
        Assert.True(log.Samples.Count > 10, $"{log.Samples.Count} samples");
    }

    [Fact]
    public async Task Sample_GuestWithoutMemoryOrStack_GoesOn()
    {
        var log = new SampleLog();
        await using var guest = await TestGuest.StartJavaScriptAsync(
            """
            let kept = [];
            const f = { ["x".repeat(100000)]: (n) => { let sum = 0; for (let i = 0; i < n; i++) sum += i; return sum; } };
            const spin = f[Object.keys(f)[0]];
            function down(n) { spin(300); return n === 0 ? 0 : 1 + down(n - 1); }
            lazyoc.on("memory", () => {
              try { for (;;) { kept.push(new Uint8Array(4096)); spin(2000); } } catch (error) { const { name } = error; spin(50000); kept = []; return { name }; }
            });
            lazyoc.on("stack", () => {
              let overflows = 0;
              for (let i = 0; i < 20; i++) try { down(1e9); } catch (error) { if (error instanceof RangeError) overflows++; }
              return { overflows };
            });
            lazyoc.on("fine", () => ({ sum: spin(100000) }));
            """, configure: options => log.On(Patient(options)) with { Limits = new GuestLimits(MemoryBytes: 16 << 20, TurnCpuMs: 60_000) });

        Assert.Equal("""{"name":"InternalError"}""", await guest.AskAsync("memory"));
        Assert.Equal("""{"overflows":20}""", await guest.AskAsync("stack"));
        Assert.Equal("""{"sum":4999950000}""", await guest.AskAsync("fine"));
        Assert.NotEmpty(log.Samples);
    }

    [Fact]
    public async Task Sample_GuestFromAStartImage_IsSampledToo()
    {
        using var images = new StartImages(2);
        var log = new SampleLog();
        const string code = """lazyoc.on("work", function work() { let sum = 0; for (let i = 0; i < 500000; i++) sum += i; return { sum }; });""";
        GuestOptions Imaged(GuestOptions options) => log.On(Patient(options)) with { CodeDigest = "sha256-ab", Images = images };
        for (var i = 0; i < 3; i++)
        {
            log.Samples.Clear();
            await using var guest = await TestGuest.StartJavaScriptAsync(code, configure: Imaged);
            await guest.AskAsync("work");
            Assert.True(log.CountOf("work") > 0, Show(log));
        }
    }

    private static GuestOptions Patient(GuestOptions options) => options with { Limits = options.Limits with { TurnCpuMs = 60_000 } };

    private static GuestOptions Deterministic(GuestOptions options)
    {
        var random = new Random(7);
        return Patient(options) with { FillRandom = random.NextBytes };
    }

    private static string Show(SampleLog log) => string.Join('\n', log.Samples.GroupBy(sample => string.Join(" < ", sample.Stack.Select(frame => frame.Name))).Select(group => $"{group.Count()} {group.Key}"));
}
