using System.Net.Http.Headers;
using System.Reflection;
using System.Text;
using LazyOC.Marketplace.Protocol.Client;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Cli.Installing;

/// <summary>The registries of a home: which there are, the tokens for them, and what was seen of them.</summary>
internal sealed class Registries(Home home, TimeProvider time, Action<string> note)
{
    /// <summary>Those of the user's own home; what they have to say goes to standard error.</summary>
    public static Registries Here() => new(Home.Locate(Environment.GetEnvironmentVariable, demo: false), TimeProvider.System, text => Console.Error.WriteLine($"lazyoc: {Output.Printable(text)}"));

    /// <summary>Name and version of this program, for servers.</summary>
    public static ProductInfoHeaderValue UserAgent { get; } = new("lazyoc", typeof(Registries).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0");

    /// <summary>What the home says; nothing when it says nothing.</summary>
    /// <exception cref="UserError">The file is damaged.</exception>
    public RegistryList Read() => File.Exists(home.Registries)
        ? RegistryList.Read(File.ReadAllBytes(home.Registries)).OrThrow(ExitCode.Failed, home.Registries, "mend the file, or delete it and add the registries again")
        : RegistryList.None;

    /// <summary>Changes what the home says; processes take turns.</summary>
    /// <exception cref="UserError">It would not make sense.</exception>
    public RegistryList Change(Func<RegistryList, RegistryList> change)
    {
        var directory = Path.GetDirectoryName(home.Registries)!;
        UserFile.CreateDirectory(directory);
        using var turn = UserFile.Lock(directory).OrThrow(ExitCode.Failed);
        var list = change(Read());
        if (list.Check() is { } problem) throw new UserError(ExitCode.Refused, (problem with { Hint = null }).ToString(), problem.Hint);
        UserFile.Write(home.Registries, list.ToUtf8());
        return list;
    }

    /// <summary>The registries as they can be asked.</summary>
    /// <param name="only">Name or address of the only one to be asked; null for all.</param>
    /// <exception cref="UserError">There is none of that name.</exception>
    public RegistrySet Open(string? only = null)
    {
        var list = Read();
        if (only is not null)
        {
            var chosen = list.Registries.FirstOrDefault(entry => entry.Name == only || entry.Url.AbsoluteUri.TrimEnd('/') == only.TrimEnd('/'))
                ?? throw new UserError(ExitCode.NotFound, $"there is no registry `{only}`", "`lazyoc registry list` shows those there are; `lazyoc registry add` adds one") { Help = HelpPage.Registry };
            return new RegistrySet(list, Open, chosen.Name);
        }
        return new RegistrySet(list, Open);
    }

    public RegistryClient Open(RegistryEntry entry) => new(entry, FilesOf(entry.Url, TokenOf(entry.Name)), new RegistryCache(home.RegistryCache), time, note);

    /// <summary>A registry that is not known yet, of which nothing is believed: it is given no token and nothing is remembered of it.</summary>
    public RegistryClient OpenUnknown(Uri url) => new(new RegistryEntry { Name = "unknown", Url = url, Keys = [] }, FilesOf(url, token: null), new RegistryCache(home.RegistryCache), time, note);

    /// <summary>How the files of an address come.</summary>
    public IRegistryFiles FilesOf(Uri url, string? token) =>
        url.IsFile ? new FolderRegistryFiles(url.LocalPath) : new HttpRegistryFiles(url, token, null, time, UserAgent);

    /// <summary>Keeps the token for a registry; null forgets it.</summary>
    public void KeepToken(string name, string? token)
    {
        var file = TokenFile(name);
        if (token is null)
        {
            if (File.Exists(file)) File.Delete(file);
            return;
        }
        UserFile.CreateDirectory(home.RegistryTokens);
        UserFile.Write(file, Encoding.UTF8.GetBytes(token));
    }

    /// <summary>The token for a registry, from the environment or as it is kept; null for none.</summary>
    public string? TokenOf(string name)
    {
        var variable = $"LAZYOC_REGISTRY_TOKEN_{name.Replace('-', '_').ToUpperInvariant()}";
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } token) return token;
        var file = TokenFile(name);
        return File.Exists(file) ? File.ReadAllText(file).Trim() : null;
    }

    private string TokenFile(string name) => Path.Combine(home.RegistryTokens, name);
}
