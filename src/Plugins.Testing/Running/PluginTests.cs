using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Sandbox.Guests;

namespace LazyOC.Plugins.Testing.Running;

/// <summary>What <see cref="PluginTests"/> runs.</summary>
public sealed record TestBundle
{
    /// <summary>The tests, bundled to one module: UTF-8.</summary>
    public required ReadOnlyMemory<byte> Code { get; init; }

    /// <summary>Its source map; null when it has none.</summary>
    public ReadOnlyMemory<byte>? SourceMap { get; init; }

    /// <summary>Folder of the golden files.</summary>
    public required string Goldens { get; init; }

    /// <summary>Whether golden files are written instead of compared with.</summary>
    public bool Update { get; init; }

    /// <summary>Only tests with this text in their name; null for all.</summary>
    public string? Filter { get; init; }

    public TestingLimits Limits { get; init; } = TestingLimits.Default;
}

/// <summary>
/// Runs the tests of a plugin that are written in TypeScript with <c>@lazyoc/plugin/testing</c>. They are a guest of the sandbox,
/// as the plugin is: what they can do is to drive the plugin and to write golden files.
/// </summary>
public static class PluginTests
{
    /// <summary>Runs them one after the other, each over a cluster of its own.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <param name="bundle">The tests.</param>
    /// <param name="told">Told of each test when it has ended.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="TestsNotRunException">The bundle cannot be loaded, or what it declares is no list of tests.</exception>
    public static async Task<TestReport> RunAsync(PluginPackage plugin, TestBundle bundle, Action<TestResult>? told = null, CancellationToken cancellationToken = default)
    {
        var goldens = new GoldenFiles(bundle.Goldens, bundle.Update, bundle.Limits);
        await using var door = new TestDoor(plugin, goldens, bundle.Limits);
        await using var run = new Run(bundle, door);
        var names = await run.NamesAsync(cancellationToken);
        var results = ImmutableArray.CreateBuilder<TestResult>();
        for (var i = 0; i < names.Length; i++)
        {
            if (bundle.Filter is { } filter && !names[i].Contains(filter, StringComparison.OrdinalIgnoreCase)) continue;
            var result = await run.TestAsync(i, names[i], cancellationToken);
            results.Add(result);
            told?.Invoke(result);
        }
        // A status item has no handler, and is set by code all the same.
        ImmutableArray<string> contributed = [.. ContributionCheck.AnsweredByCode(plugin.Manifest.Contributes).Select(one => one.Id), .. plugin.Manifest.Contributes.StatusItems.Select(one => one.Id)];
        return new TestReport { Tests = results.ToImmutable(), Contributed = contributed, Undriven = [.. contributed.Where(id => !door.Driven.Contains(id))], Written = [.. goldens.Written] };
    }

    /// <summary>The guest that the tests are; another one after a test that cost it its life.</summary>
    private sealed class Run(TestBundle bundle, TestDoor door) : IAsyncDisposable
    {
        private static readonly ImmutableArray<string> HelperFiles = ["@lazyoc/plugin/src/testing.ts", "sdk/typescript/src/testing.ts"];

        private readonly List<string> _printed = [];
        private IGuest? _guest;
        private long _lastId;

        public async Task<ImmutableArray<string>> NamesAsync(CancellationToken cancellationToken)
        {
            var reply = await SendAsync("list", "{}", cancellationToken);
            if (reply is not GuestReply.Answered answered) throw new TestsNotRunException($"the tests cannot be listed: {((GuestReply.Failed)reply).Fault.Message}", ((GuestReply.Failed)reply).Fault.Stack);
            var names = ((JsonNode.Parse(answered.Json.Span) as JsonObject)?["tests"] as JsonArray)?.Select(name => name is JsonValue value && value.TryGetValue(out string? text) ? text : null).ToArray();
            if (names is null || names.Contains(null)) throw new TestsNotRunException("the tests do not say their names; they are declared with `test` of `@lazyoc/plugin/testing`");
            if (names.Length > bundle.Limits.Tests) throw new TestsNotRunException($"there are {names.Length:N0} tests; at most {bundle.Limits.Tests:N0} are run");
            if (names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice) throw new TestsNotRunException($"two tests have the name `{twice.Key}`; give each a name of its own");
            return [.. names!];
        }

        public async Task<TestResult> TestAsync(int index, string name, CancellationToken cancellationToken)
        {
            lock (_printed) _printed.Clear();
            var started = Stopwatch.GetTimestamp();
            var reply = await SendAsync("run", string.Create(CultureInfo.InvariantCulture, $$"""{"index":{{index}}}"""), cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            var log = door.Log;
            await door.ResetAsync();
            TestFailure? failure = null;
            if (reply is GuestReply.Failed { Fault: var fault })
            {
                failure = new TestFailure(fault.Message, OfTheTest(fault.Stack));
                // What the test left behind must not be the next one's.
                if (fault.Kind != GuestFaultKind.Threw || fault.InstanceLost) await EndAsync();
            }
            lock (_printed) return new TestResult(name, failure, Stopwatch.GetElapsedTime(started)) { Log = [.. log, .. _printed] };
        }

        public ValueTask DisposeAsync() => EndAsync();

        /// <summary>A stack without the frames of the helpers, which say nothing about the test.</summary>
        private static string? OfTheTest(string? stack) =>
            stack is null ? null : string.Join('\n', stack.Split('\n').Where(line => !HelperFiles.Any(file => line.Contains(file, StringComparison.Ordinal)) && !line.Contains("(native)", StringComparison.Ordinal)));

        private async ValueTask EndAsync()
        {
            if (_guest is { } guest) await guest.DisposeAsync();
            _guest = null;
        }

        private async Task<GuestReply> SendAsync(string type, string payload, CancellationToken cancellationToken)
        {
            _guest ??= await StartAsync(cancellationToken);
            var envelope = new Envelope
            {
                Id = (++_lastId).ToString(CultureInfo.InvariantCulture),
                Type = type,
                Session = "tests",
                DeadlineMs = (int)bundle.Limits.TestTime.TotalMilliseconds,
                Payload = Encoding.UTF8.GetBytes(payload),
            };
            return await _guest.SendAsync(envelope, cancellationToken);
        }

        private async Task<IGuest> StartAsync(CancellationToken cancellationToken)
        {
            var options = new GuestOptions
            {
                Name = "tests",
                Code = bundle.Code,
                SourceMap = bundle.SourceMap,
                Limits = new GuestLimits(bundle.Limits.TestMemoryBytes, bundle.Limits.TestTurnCpuMs, bundle.Limits.TestTurnCpuMs),
                Call = door.AnswerAsync,
                Log = (level, line) =>
                {
                    lock (_printed) _printed.Add($"test {level.ToString().ToLowerInvariant()}: {line}");
                },
                Time = TimeProvider.System,
            };
            return await GuestFactory.StartAsync(GuestKind.JavaScript, options, cancellationToken) switch
            {
                GuestStart.Running running => running.Guest,
                GuestStart.Failed failed => throw new TestsNotRunException($"the tests cannot be loaded: {failed.Fault.Message}", failed.Fault.Stack),
                var other => throw new InvalidOperationException($"A start ended in {other}."),
            };
        }
    }
}
