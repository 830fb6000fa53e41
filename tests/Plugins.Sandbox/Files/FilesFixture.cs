using System.Collections.Immutable;
using System.Text;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Sandbox.Broker;
using LazyOC.Plugins.Sandbox.Files;
using FileAccess = LazyOC.Plugins.Contracts.Permissions.FileAccess;

namespace LazyOC.Plugins.Sandbox.Tests.Files;

/// <summary>The files of a plugin with a folder of the host mounted as <c>/mnt/reports</c>, beside one that it must not reach.</summary>
internal sealed class FilesFixture : IDisposable
{
    private readonly string _root = RealPath.Of(Directory.CreateTempSubdirectory("lazyoc-files-").FullName);
    private PluginFiles? _files;

    public FilesFixture()
    {
        Directory.CreateDirectory(Folder);
        Directory.CreateDirectory(Outside);
        File.WriteAllText(Path.Combine(Outside, "secret"), "secret");
        Rules = new MountRules(Path.Combine(_root, "home"), []);
    }

    public string Folder => Path.Combine(_root, "reports");

    public string Outside => Path.Combine(_root, "outside");

    public FileAccess Access { get; init; } = FileAccess.ReadWrite;

    public MountRules Rules { get; init; }

    public FileLimits Limits { get; init; } = new();

    public ImmutableArray<PluginFile> Package { get; init; } = [new("data/table.csv", 4, () => "a,b\n"u8.ToArray())];

    public List<string> Used { get; } = [];

    public List<string> Escaped { get; } = [];

    public List<string> NotMounted { get; } = [];

    public PluginFiles Files => _files ??= new PluginFiles(new PluginFilesOptions
    {
        Plugin = new PluginPrincipal
        {
            Id = PluginId.Parse("acme.test"),
            Version = "1.0.0",
            Digest = "sha256-00",
            Session = new PluginSession("prod", "ada", 1),
            ReadOnly = false,
            Granted = new PermissionSet { Files = [new FileRule { Mount = "reports", Access = Access, Host = Folder }] },
        },
        Package = Package,
        Rules = Rules,
        Limits = Limits,
        Time = TimeProvider.System,
        Used = (call, path, isChange) => Used.Add($"{call} {(isChange ? "write" : "read")} {path}"),
        Escaped = Escaped.Add,
        NotMounted = NotMounted.Add,
    });

    public CallOutcome<Nothing> Write(string path, string text, bool append = false, long? offset = null) => Files.Write(FilePath.Of(path), Encoding.UTF8.GetBytes(text), append, offset);

    /// <summary>The text of a file, or the error's code.</summary>
    public string Read(string path) => Files.Read(FilePath.Of(path), 0, null) switch
    {
        CallOutcome<FilesReadAnswer>.Done done => Encoding.UTF8.GetString(done.Answer.Data.Base64.Span),
        CallOutcome<FilesReadAnswer>.Failed failed => failed.Error.Code,
        _ => "",
    };

    public string[] List(string path) =>
        [.. Assert.IsType<CallOutcome<FilesListAnswer>.Done>(Files.List(FilePath.Of(path))).Answer.Entries.Select(entry => $"{entry.Name} {entry.Kind}").Order(StringComparer.Ordinal)];

    public static CallError Error<T>(CallOutcome<T> outcome) => Assert.IsType<CallOutcome<T>.Failed>(outcome).Error;

    public static void Ok<T>(CallOutcome<T> outcome) => Assert.IsType<CallOutcome<T>.Done>(outcome);

    public void Dispose()
    {
        _files?.Dispose();
        Directory.Delete(_root, recursive: true);
    }
}
