using System.CommandLine;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary><c>plugin inspect</c>: what is in a package or in an installed plugin, without running any of it.</summary>
internal static class InspectCommand
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n" };

    public static Command Create()
    {
        var subject = new Argument<string>("FILE|ID") { Description = "A package, FILE.lzp, or the id of an installed plugin" };
        var output = Output.Option();
        var command = new Command(
            "inspect",
            """
            Shows what is in a package or in an installed plugin: its manifest, its permissions in words, its files and what is bundled
            in it. Nothing of it is run or installed.

            Examples:
              lazyoc plugin inspect acme.prometheus-1.4.0.lzp
              lazyoc plugin inspect acme.prometheus --output json
            """) { subject, output };
        command.SetAction(parsed =>
        {
            var report = ReportOf(parsed.GetRequiredValue(subject), PluginCommand.HomeOf(parsed), () => InstalledPlugins.StoreOf(PluginCommand.HomeOf(parsed)));
            if (parsed.GetValue(output) == OutputFormat.Json) Output.Json(report, PluginJson.Default.PackageReport);
            else Print(report);
            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>What looks like a package's file is meant before a plugin of that name: <c>acme.lzp</c> would be an id, too.</summary>
    private static PackageReport ReportOf(string subject, Home home, Func<PluginStore> store)
    {
        if (File.Exists(subject) || subject.EndsWith(".lzp", StringComparison.OrdinalIgnoreCase) || !PluginId.TryParse(subject, out var id))
        {
            var package = PackageFile.Open(subject);
            return PackageReport.Of(package, PackageSignature.Beside(subject, package, home));
        }
        var installed = store();
        return PackageReport.Of(installed.Open(PluginCommand.Installed(installed, id)).OrThrow(ExitCode.Failed));
    }

    private static void Print(PackageReport report)
    {
        Line($"{report.Id} {report.Version}");
        Line($"digest      {report.Digest}");
        Line($"size        {(report.PackedBytes is { } packed ? $"{ByteSize.Format(packed)} packed, " : "")}{ByteSize.Format(report.Bytes)} in {report.Files.Length} files");
        Line($"signature   {report.Signature}");
        Section(report.Permissions.IsEmpty ? "It asks for no permissions." : "It asks for:");
        foreach (var text in report.Permissions) Line($"  • {text}");
        foreach (var text in report.Reasons.Concat(report.Hooks)) Line($"  {text}");
        Section("Manifest:");
        foreach (var line in Text(report.Manifest).Split('\n')) Line("  " + line);
        Section("Files:");
        Output.Rows(["  PATH", "BYTES"], report.Files.Select(file => (string[])["  " + file.Path, file.Bytes.ToString(System.Globalization.CultureInfo.InvariantCulture)]));
        PrintSbom(report);
    }

    private static void PrintSbom(PackageReport report)
    {
        if (report.SbomProblem is { } problem) Section(problem);
        else if (report.Sbom is not { } entries) Section($"It has no `{Sbom.Path}`, so what is bundled in it is not known.");
        else if (entries.IsEmpty) Section("Its author says that nothing of others is bundled in it.");
        else
        {
            Section("Its author says that this is bundled in it:");
            Output.Rows(["  NAME", "VERSION", "LICENCE"], entries.Select(entry => (string[])["  " + entry.Name, entry.Version ?? "", entry.License ?? ""]));
        }
    }

    private static string Text(JsonElement manifest)
    {
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text, Indented)) manifest.WriteTo(writer);
        return System.Text.Encoding.UTF8.GetString(text.ToArray());
    }

    private static void Section(string title)
    {
        Console.WriteLine();
        Line(title);
    }

    private static void Line(string text) => Console.WriteLine(Output.Printable(text));
}
