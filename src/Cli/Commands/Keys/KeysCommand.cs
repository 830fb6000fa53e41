using System.CommandLine;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Cli.Commands.Keys;

/// <summary><c>lazyoc keys</c>: the keys that the user signs packages and registries with.</summary>
internal static class KeysCommand
{
    public static Command Create()
    {
        var command = new Command("keys", "Makes and keeps the keys that you sign packages with");
        command.Subcommands.Add(NewCommand.Create());
        command.Subcommands.Add(ListCommand.Create());
        command.Subcommands.Add(ExportCommand.Create());
        command.Subcommands.Add(ImportCommand.Create());
        command.Subcommands.Add(RotateCommand.Create());
        command.Subcommands.Add(RevokeCommand.Create());
        return command;
    }

    public static KeyFiles Files() => new(Home.Locate(Environment.GetEnvironmentVariable, demo: false).SigningKeys, TimeProvider.System);

    public static Argument<string> NameArgument(string name = "NAME", string description = "What the key is called here") => new(name) { Description = description };

    /// <summary>A key by its name.</summary>
    /// <exception cref="UserError">There is none.</exception>
    public static StoredKey Find(KeyFiles keys, string name) =>
        keys.List().OrThrow(ExitCode.Failed).FirstOrDefault(key => key.Name == name)
        ?? throw new UserError(ExitCode.NotFound, $"`{name}` is not the name of a key that is here", "`lazyoc keys list` shows them, `lazyoc keys new` makes one");

    /// <summary>Opens a key for signing, and asks for its passphrase.</summary>
    /// <exception cref="UserError">There is none, it must not sign, or the passphrase is wrong.</exception>
    public static SigningKey Open(string name)
    {
        var keys = Files();
        var key = Find(keys, name);
        // One that must not sign is refused without asking.
        if (key.Revoked is not null || key.ReplacedBy is not null) return keys.Open(name, "").OrThrow(ExitCode.Refused);
        return keys.Open(name, Passphrase.Of(name)).OrThrow(ExitCode.Refused);
    }

    /// <summary>Prints what a command has made or changed.</summary>
    public static int Print(StoredKey key, OutputFormat output, string what)
    {
        if (output == OutputFormat.Json) Output.Json(KeyRow.Of(key), KeysJson.Default.KeyRow);
        else Console.WriteLine($"{key.Name} {what}, fingerprint {key.PublicKey.Id.Fingerprint}");
        return ExitCode.Ok;
    }
}
