using System.CommandLine;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary><c>plugin verify</c>: every check of a package that installing it makes, without installing it.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "A package, FILE.lzp" };
        var output = Output.Option();
        var command = new Command(
            "verify",
            """
            Makes every check of a package that installing it makes, without installing it, and says what was checked. Ends with 3 when
            the package would be refused.

            Example:
              lazyoc plugin verify acme.prometheus-1.4.0.lzp
            """) { file, output };
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(file).FullName;
            var bytes = PackageFile.Read(path);
            var verification = PackageVerification.Of(bytes);
            var isSound = verification.Package.TryGet(out var package, out _);
            var signature = isSound ? PackageSignature.Beside(path, package!, PluginCommand.HomeOf(parsed)) : PackageSignature.Unsigned with { Words = "was not looked at" };
            var row = new VerifiedRow
            {
                File = path,
                Sound = isSound && signature.State != PackageSignature.Bad,
                Digest = Digest.Of(bytes).ToString(),
                Checks = verification.Checks,
                Signature = signature,
            };
            if (parsed.GetValue(output) == OutputFormat.Json) Output.Json(row, PluginJson.Default.VerifiedRow);
            else Print(row);
            return row.Sound ? ExitCode.Ok : ExitCode.Refused;
        });
        return command;
    }

    private static void Print(VerifiedRow row)
    {
        foreach (var check in row.Checks)
        {
            var lines = check.Detail.Split('\n');
            Line($"{(check.Passed ? "ok      " : "refused ")} {check.Name,-10}  {lines[0]}");
            foreach (var line in lines[1..]) Line(line.Length == 0 ? "" : $"                     {line}");
        }
        Line($"{row.Signature.State,-8} signature   {row.Signature}");
        Line(row.Sound ? $"{Path.GetFileName(row.File)} is sound: {row.Digest}" : $"{Path.GetFileName(row.File)} would be refused");
    }

    private static void Line(string text) => Console.WriteLine(Output.Printable(text));
}
