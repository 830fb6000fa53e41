using System.Collections.Immutable;
using System.CommandLine;
using System.Text;
using System.Text.Json.Serialization;
using LazyOC.Cli.Installing;
using LazyOC.Marketplace.Protocol;
using LazyOC.Marketplace.Protocol.Client;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Cli.Commands.Registry;

/// <summary><c>lazyoc registry</c>: where plugins come from, and which keys are believed for it.</summary>
internal static class RegistryCommand
{
    public static Command Create()
    {
        var command = new Command("registry", "Says where plugins come from, and whom to believe");
        command.Subcommands.Add(Add());
        command.Subcommands.Add(List());
        command.Subcommands.Add(Remove());
        command.Subcommands.Add(Login());
        command.Subcommands.Add(Trust());
        return command;
    }

    private static Command Add()
    {
        var url = new Argument<string>("URL") { Description = "Its address: https://…, file:///…, or a folder" };
        var name = new Option<string?>("--name") { Description = "What to call it; its own name when absent" };
        var keys = new Option<FileInfo[]>("--key") { Description = "Its public key, PEM; once for each key", HelpName = "FILE", AllowMultipleArgumentsPerToken = false };
        var threshold = new Option<int>("--threshold") { Description = "How many of the keys have to sign", HelpName = "N", DefaultValueFactory = _ => 1 };
        var fingerprint = new Option<string?>("--fingerprint") { Description = "Fingerprint of its key, in place of the file; those who keep it tell you", HelpName = "FINGERPRINT" };
        var publishers = new Option<string?>("--publishers") { Description = "Publishers whose plugins come from it, as globs; all when absent. They are asked for nowhere else", HelpName = "GLOB,…" };
        var first = new Option<bool>("--first") { Description = "Before the registries that are there already, in place of behind them" };
        var command = new Command(
            "add",
            """
            Adds a registry. Its key comes from those who keep it, not from the registry itself: as a file, or as a fingerprint.

            Examples:
              lazyoc registry add https://plugins.example.com --key registry.pub.pem
              lazyoc registry add https://plugins.corp.example --fingerprint 3f1a-… --publishers 'corp,corp-*' --first
              lazyoc registry add ./registry --key registry.pub.pem --name local
            """) { url, name, keys, threshold, fingerprint, publishers, first };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var registries = Registries.Here();
            var address = AddressOf(parsed.GetRequiredValue(url));
            var config = await ConfigAsync(registries, address, cancellationToken);
            var trusted = KeysOf(parsed.GetValue(keys) ?? [], parsed.GetValue(fingerprint), config);
            var entry = new RegistryEntry
            {
                Name = parsed.GetValue(name) ?? NameFrom(config.Name),
                Url = address,
                Keys = trusted,
                Threshold = parsed.GetValue(threshold),
                Publishers = parsed.GetValue(publishers) is { } globs ? [.. globs.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)] : ["*"],
            };
            registries.Change(list => list with { Registries = parsed.GetValue(first) ? [entry, .. list.Registries] : [.. list.Registries, entry] });
            Console.WriteLine($"{entry.Name}: {Output.Printable(entry.Url.AbsoluteUri)}, key {string.Join(", ", entry.Keys.Select(key => key.Id.Fingerprint))}");
            if (config.AuthRequired) Console.WriteLine($"it asks for a token: `lazyoc registry login {entry.Name}`");
            return ExitCode.Ok;
        });
        return command;
    }

    private static Uri AddressOf(string text)
    {
        var address = Uri.TryCreate(text, UriKind.Absolute, out var absolute) && !absolute.IsFile ? absolute : new Uri(Path.GetFullPath(absolute?.LocalPath ?? text));
        return address.IsFile || HttpRegistryFiles.IsAllowed(address)
            ? new Uri(address.AbsoluteUri)
            : throw new UserError(ExitCode.Usage, $"{address.AbsoluteUri} is not protected by TLS", "use its https:// address; http:// is for this machine only") { Help = HelpPage.Registry };
    }

    private static async Task<RegistryConfig> ConfigAsync(Registries registries, Uri address, CancellationToken cancellationToken) =>
        (await registries.OpenUnknown(address).ConfigAsync(cancellationToken)).OrThrow(ExitCode.Refused);

    private static ImmutableArray<PublicKey> KeysOf(FileInfo[] files, string? fingerprint, RegistryConfig config)
    {
        if (files.Length > 0 == fingerprint is not null) throw new UserError(ExitCode.Usage, "a registry is added with its key: `--key FILE` or `--fingerprint FINGERPRINT`", "those who keep the registry give you one of them");
        if (fingerprint is not null)
            return config.Keys.FirstOrDefault(key => key.Id.IsTypedAs(fingerprint)) is { } typed
                ? [typed]
                : throw new UserError(ExitCode.Refused, "the registry has no key of that fingerprint", "check it with those who keep the registry; if it is right, this is not their registry") { Help = HelpPage.Registry };
        return [.. files.Select(file => file.Exists
            ? PublicKey.FromPem(File.ReadAllText(file.FullName)).OrThrow(ExitCode.Refused, file.Name)
            : throw new UserError(ExitCode.NotFound, $"there is no file {file.FullName}"))];
    }

    private static string NameFrom(string text)
    {
        var name = new string([.. text.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')]).Trim('-');
        return RegistryList.IsName(name) ? name : "registry";
    }

    private static Command List()
    {
        var output = Output.Option();
        var command = new Command("list", "Shows the registries in the order in which a publisher is looked for") { output };
        command.SetAction(parsed =>
        {
            var list = Registries.Here().Read();
            ImmutableArray<RegistryRow> rows = [.. list.Registries.Select(entry => new RegistryRow(entry.Name, entry.Url.AbsoluteUri, entry.Publishers, [.. entry.Keys.Select(key => key.Id.Fingerprint)], entry.Threshold))];
            if (parsed.GetValue(output) == OutputFormat.Json) Output.Json(rows, RegistryJson.Default.ImmutableArrayRegistryRow);
            else if (rows.IsEmpty) Console.Error.WriteLine("There is no registry; `lazyoc registry add URL --key FILE` adds one.");
            else Output.Rows(["NAME", "URL", "PUBLISHERS", "KEYS"], rows.Select(row => (string[])[row.Name, row.Url, string.Join(",", row.Publishers), string.Join(", ", row.Keys)]));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Remove()
    {
        var name = new Argument<string>("NAME");
        var command = new Command("remove", "Forgets a registry and its token; what was installed from it stays") { name };
        command.SetAction(parsed =>
        {
            var registries = Registries.Here();
            var (_, gone) = Find(registries, parsed.GetRequiredValue(name));
            registries.Change(list => list with { Registries = list.Registries.RemoveAll(entry => entry.Name == gone.Name) });
            registries.KeepToken(gone.Name, null);
            Console.WriteLine($"{gone.Name} is forgotten");
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Login()
    {
        var name = new Argument<string>("NAME");
        var command = new Command(
            "login",
            """
            Keeps a token for a registry, from standard input or typed unseen. LAZYOC_REGISTRY_TOKEN_NAME in the environment is
            used in its place.

            Example:
              lazyoc registry login corp < token
            """) { name };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var registries = Registries.Here();
            var (_, entry) = Find(registries, parsed.GetRequiredValue(name));
            var token = (await Plugin.SecretInput.ReadAsync("Token", isSecret: true, cancellationToken)).Trim();
            if (token.Length == 0 || token.Any(char.IsControl) || !Ascii.IsValid(token)) throw new UserError(ExitCode.Usage, "that is no token, so nothing was changed");
            registries.KeepToken(entry.Name, token);
            Console.WriteLine($"the token for {entry.Name} is kept");
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Trust()
    {
        var mode = new Argument<string?>("POLICY") { Description = "default or strict", Arity = ArgumentArity.ZeroOrOne };
        mode.AcceptOnlyFromAmong("default", "strict");
        var command = new Command(
            "trust",
            """
            Shows or sets how much has to vouch for a package: by default its registry, or an author whose key is known; strictly
            both.

            Example:
              lazyoc registry trust strict
            """) { mode };
        command.SetAction(parsed =>
        {
            var registries = Registries.Here();
            var list = parsed.GetValue(mode) is { } asked ? registries.Change(list => list with { Trust = asked }) : registries.Read();
            Console.WriteLine(list.Trust);
            return ExitCode.Ok;
        });
        return command;
    }

    private static (RegistryList List, RegistryEntry Entry) Find(Registries registries, string name)
    {
        var list = registries.Read();
        return (list, list.Registries.FirstOrDefault(entry => entry.Name == name) ?? throw new UserError(ExitCode.NotFound, $"there is no registry `{name}`", "`lazyoc registry list` shows those there are") { Help = HelpPage.Registry });
    }
}

/// <summary>One registry, as the commands print it.</summary>
internal sealed record RegistryRow(string Name, string Url, ImmutableArray<string> Publishers, ImmutableArray<string> Keys, int Threshold);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(ImmutableArray<RegistryRow>))]
internal sealed partial class RegistryJson : JsonSerializerContext;
