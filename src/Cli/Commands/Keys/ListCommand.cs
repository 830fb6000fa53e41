using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;

namespace LazyOC.Cli.Commands.Keys;

internal static class ListCommand
{
    public static Command Create()
    {
        var output = Output.Option();
        var command = new Command(
            "list",
            """
            Shows your signing keys; it needs no passphrase.

            Example:
              lazyoc keys list --output json
            """) { output };
        command.SetAction(parsed =>
        {
            ImmutableArray<KeyRow> rows = [.. KeysCommand.Files().List().OrThrow(ExitCode.Failed).Select(KeyRow.Of)];
            if (parsed.GetValue(output) == OutputFormat.Json) Output.Json(rows, KeysJson.Default.ImmutableArrayKeyRow);
            else if (rows.IsEmpty) Console.Error.WriteLine("There is no key yet; `lazyoc keys new NAME` makes one.");
            else Output.Rows(["NAME", "FINGERPRINT", "CREATED", "STATE"], rows.Select(row => (string[])[row.Name, row.Fingerprint, row.Created.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Shown(row)]));
            return ExitCode.Ok;
        });
        return command;
    }

    private static string Shown(KeyRow row) => row switch
    {
        { Revoked: { } revoked } => $"revoked: {revoked.Reason}",
        { ReplacedBy: { } next } => $"rotated, now {next}",
        _ => row.State,
    };
}
