using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace LazyOC.Cli.Commands.Doctor;

/// <summary><c>lazyoc doctor</c>: looks whether this installation is as fast and as safe as it should be here.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var output = Output.Option();
        var command = new Command(
            "doctor",
            """
            Looks whether plugins run here as they should: precompiled code in use, memory protected. Ends with 1 when
            something is not right; what is only slower than it could be is a warning.

            Examples:
              lazyoc doctor
              lazyoc doctor --output json
            """) { output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var findings = await FindAsync(cancellationToken);
            if (parsed.GetValue(output) == OutputFormat.Json)
                Output.Json(findings, DoctorJson.Default.FindingArray);
            else
                Print(findings);
            return Array.Exists(findings, finding => finding.Verdict == Verdict.Failed) ? ExitCode.Failed : ExitCode.Ok;
        });
        return command;
    }

    private static async Task<Finding[]> FindAsync(CancellationToken cancellationToken) =>
    [
        new Finding("runtime", Verdict.Ok, $".NET {Environment.Version} on {RuntimeInformation.OSDescription.Trim()}, {RuntimeInformation.ProcessArchitecture}", null),
        NativeImage(),
        await InterpreterAsync(cancellationToken),
        EngineChecks.Memory(),
        EngineChecks.Snapshots(),
    ];

    private static Finding NativeImage() => QuickJs.UsesNativeImage
        ? new Finding("javascript", Verdict.Ok, "QuickJS runs the machine code that the build made", null)
        : new Finding("javascript", Verdict.Warning, "QuickJS is compiled just in time, which is several times slower", "machine code is made ahead of time on linux-x64 only; there, build again");

    private static async Task<Finding> InterpreterAsync(CancellationToken cancellationToken)
    {
        if (!QuickJs.UsesNativeImage)
            return new Finding("interpreter", Verdict.Warning, "its main function is beyond what the just-in-time compiler optimises", null);
        return await InterpreterCode.StaysAsync(cancellationToken)
            ? new Finding("interpreter", Verdict.Ok, "its main function still runs its precompiled code after a long run", null)
            : new Finding("interpreter", Verdict.Warning, "the precompiled code of its main function was replaced by code that is not optimised", "unset DOTNET_ variables that change the just-in-time compiler");
    }

    private static void Print(Finding[] findings)
    {
        Output.Rows(["CHECK", "", "FOUND"], findings.Select(finding => (string[])[finding.Check, Word(finding.Verdict), finding.Found]));
        foreach (var finding in findings.Where(finding => finding.Hint is not null))
            Console.Out.WriteLine($"hint: {finding.Check}: {finding.Hint}");
    }

    private static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Ok => "ok",
        Verdict.Warning => "slow",
        _ => "FAILED",
    };
}

/// <summary>How a check came out.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Verdict>))]
internal enum Verdict
{
    Ok,

    /// <summary>It works, but not as well as it could.</summary>
    Warning,

    Failed,
}

/// <summary>What one check found.</summary>
internal sealed record Finding(string Check, Verdict Verdict, string Found, string? Hint);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(Finding[]))]
internal sealed partial class DoctorJson : JsonSerializerContext;
