using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LazyOC.Plugins.Contracts.Tests.Versions;

/// <summary>npm's own implementation, asked once in a process of Node.js.</summary>
internal static partial class SemverOracle
{
    // Reads {ranges: [[range, version], …], orders: [[version, version], …]}; a character for each.
    private const string Program = """
        const semver = require('semver');
        const asked = JSON.parse(require('fs').readFileSync(0, 'utf8'));
        const member = ([range, version]) => semver.validRange(range) === null ? '!' : semver.satisfies(version, range) ? '1' : '0';
        const order = ([left, right]) => '<=>'[semver.compare(left, right) + 1];
        process.stdout.write(asked.ranges.map(member).join('') + '\n' + asked.orders.map(order).join(''));
        """;

    public static string Root { get; } = FindRoot();

    /// <summary>Why it cannot be asked; null when it can.</summary>
    public static string? Missing { get; } = WhyMissing();

    /// <param name="ranges">Each is answered with <c>1</c> when the version is in the range, <c>0</c> when not, <c>!</c> when it is no range.</param>
    /// <param name="orders">Each is answered with <c>&lt;</c>, <c>=</c> or <c>&gt;</c>.</param>
    public static (string Ranges, string Orders) Ask(IReadOnlyList<string[]> ranges, IReadOnlyList<string[]> orders)
    {
        using var node = Start("-e", Program);
        var answer = node.StandardOutput.ReadToEndAsync();
        var errors = node.StandardError.ReadToEndAsync();
        using (var input = node.StandardInput) input.Write(JsonSerializer.Serialize(new Question(ranges, orders), QuestionJson.Default.Question));
        node.WaitForExit();
        Assert.True(node.ExitCode == 0, errors.Result);
        var lines = answer.Result.Split('\n');
        Assert.Equal((ranges.Count, orders.Count), (lines[0].Length, lines[1].Length));
        return (lines[0], lines[1]);
    }

    private static string? WhyMissing()
    {
        if (!File.Exists(Path.Combine(Root, "node_modules", "semver", "package.json"))) return "npm's `semver` is not in node_modules; run `npm ci --ignore-scripts`";
        try
        {
            using var node = Start("--version");
            node.WaitForExit();
            return node.ExitCode == 0 ? null : "`node` does not start";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "`node` was not found; install Node.js";
        }
    }

    private static Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo("node", arguments)
    {
        WorkingDirectory = Root,
        UseShellExecute = false,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
    })!;

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "LazyOC.slnx"))) folder = folder.Parent!;
        return folder.FullName;
    }

    private sealed record Question(IReadOnlyList<string[]> Ranges, IReadOnlyList<string[]> Orders);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(Question))]
    private sealed partial class QuestionJson : JsonSerializerContext;
}

/// <summary>A test that needs Node.js and npm's <c>semver</c>; reported as skipped where they are absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SemverFactAttribute : FactAttribute
{
    public SemverFactAttribute() => Skip = SemverOracle.Missing;
}
