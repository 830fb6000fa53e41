using System.CommandLine;
using System.Text;

namespace LazyOC.Cli.Commands.Keys;

internal static class ExportCommand
{
    public static Command Create()
    {
        var name = KeysCommand.NameArgument();
        var secret = new Option<bool>("--private") { Description = "The private key, encrypted as it is kept, instead of the public one" };
        var file = new Option<FileInfo?>("--file", "-f") { Description = "Where to write it, instead of printing it; a file that is there stays", HelpName = "FILE" };
        var output = Output.Option();
        var command = new Command(
            "export",
            """
            Gives a key as PEM, which openssl reads: the public key, or with --private the private one as encrypted PKCS#8, under the
            passphrase it has here.

            Examples:
              lazyoc keys export acme
              lazyoc keys export acme --private --file acme.pem
            """) { name, secret, file, output };
        command.SetAction(parsed =>
        {
            var keys = KeysCommand.Files();
            var key = KeysCommand.Find(keys, parsed.GetRequiredValue(name));
            var isPrivate = parsed.GetValue(secret);
            var pem = isPrivate ? keys.ExportPrivate(key.Name).OrThrow(ExitCode.Failed) : key.PublicKey.ToPem();
            if (parsed.GetValue(file) is { } target) Write(target, pem, isPrivate);
            else if (parsed.GetValue(output) == OutputFormat.Json) Output.Json(new ExportedKey(key.Name, key.PublicKey.Id, isPrivate, pem), KeysJson.Default.ExportedKey);
            else Console.Out.Write(pem);
            return ExitCode.Ok;
        });
        return command;
    }

    private static void Write(FileInfo target, string pem, bool isPrivate)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (isPrivate && !OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            using var stream = new FileStream(target.FullName, options);
            stream.Write(Encoding.ASCII.GetBytes(pem));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError(ExitCode.Failed, $"`{target}` cannot be written: {error.Message}", cause: error);
        }
    }
}
