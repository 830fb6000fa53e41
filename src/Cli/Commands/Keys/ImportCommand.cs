using System.CommandLine;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Cli.Commands.Keys;

internal static class ImportCommand
{
    public static Command Create()
    {
        var name = KeysCommand.NameArgument();
        var file = new Argument<FileInfo>("FILE") { Description = "A private key on P-256 in PEM: PKCS#8, encrypted or not, or SEC 1" };
        var output = Output.Option();
        var command = new Command(
            "import",
            """
            Takes in a private key that was made elsewhere. An encrypted one keeps its passphrase; another is given a new one, and is
            kept encrypted here. The file stays as it is.

            Examples:
              openssl ecparam -name prime256v1 -genkey -noout -out acme.pem
              lazyoc keys import acme acme.pem
            """) { name, file, output };
        command.SetAction(parsed =>
        {
            var (wanted, source) = (parsed.GetRequiredValue(name), parsed.GetRequiredValue(file));
            var pem = Read(source);
            var passphrase = SigningKey.IsEncrypted(pem) ? Passphrase.Of(source.Name) : Passphrase.New(wanted);
            using var key = SigningKey.FromPem(pem, passphrase).OrThrow(ExitCode.Refused, source.Name);
            return KeysCommand.Print(KeysCommand.Files().Import(wanted, key, passphrase).OrThrow(ExitCode.Usage), parsed.GetValue(output), "is imported");
        });
        return command;
    }

    private static string Read(FileInfo file)
    {
        try
        {
            if (!file.Exists) throw new UserError(ExitCode.NotFound, $"there is no file {file.FullName}");
            return file.Length <= SigningLimits.Default.MaxKeyFileBytes
                ? File.ReadAllText(file.FullName)
                : throw new UserError(ExitCode.Refused, $"{file.FullName} has {file.Length} bytes, more than the {SigningLimits.Default.MaxKeyFileBytes} a key may have");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError(ExitCode.Failed, $"{file.FullName} cannot be read: {error.Message}", cause: error);
        }
    }
}
