using System.Xml.Linq;

namespace LazyOC.Repository.Tests;

/// <summary>The table of rooms in ARCHITECTURE.md is the truth about who may reference whom.</summary>
public sealed class ReferenceTableTests
{
    private static readonly Dictionary<string, string[]> Table = ReadTable();

    private static readonly string[] ProjectFolders = ["src", "tests", "build", "fuzz"];

    private static readonly string[] Present =
        [.. Directory.GetDirectories(Path.Combine(RepositoryRoot.Path, "src")).Select(directory => Path.GetFileName(directory)).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Rooms => new(Present);

    [Theory]
    [MemberData(nameof(Rooms))]
    public void ProjectReferences_OfARoom_AreInTheTable(string room)
    {
        Assert.True(Table.TryGetValue(room, out var allowed), $"ARCHITECTURE.md has no row for src/{room}");
        var references = ProjectReferences(Path.Combine(RepositoryRoot.Path, "src", room, $"LazyOC.{room}.csproj"));
        Assert.Empty(references.Except(allowed));
    }

    [Fact]
    public void Table_OfRooms_NamesOnlyRoomsThatExist()
    {
        Assert.NotEmpty(Table);
        Assert.Empty(Table.Keys.Except(Present));
    }

    [Fact]
    public void Solution_ListsEveryProject()
    {
        var listed = XDocument.Load(Path.Combine(RepositoryRoot.Path, "LazyOC.slnx")).Descendants("Project").Select(p => p.Attribute("Path")!.Value);
        var present = ProjectFolders
            .Select(folder => Path.Combine(RepositoryRoot.Path, folder))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.csproj", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(RepositoryRoot.Path, file).Replace('\\', '/'));
        Assert.Equal(present.Order(), listed.Order());
    }

    private static IEnumerable<string> ProjectReferences(string project) =>
        XDocument.Load(project).Descendants("ProjectReference")
            .Where(r => !string.Equals(r.Attribute("ReferenceOutputAssembly")?.Value, "false", StringComparison.OrdinalIgnoreCase))
            .Select(r => Path.GetFileName(Path.GetDirectoryName(r.Attribute("Include")!.Value.Replace('\\', '/'))!));

    private static Dictionary<string, string[]> ReadTable() =>
        File.ReadLines(Path.Combine(RepositoryRoot.Path, "ARCHITECTURE.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .ToDictionary(cells => cells[1].Trim('`'), cells => cells[3].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(name => name.Trim('`')).ToArray());
}
