using System.Globalization;
using System.Text;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages;

namespace LazyOC.Fuzz.Packages;

/// <summary>A package that is written anew with one thing wrong and all the rest right, so that only the check of that thing can refuse it.</summary>
/// <param name="random">What decides.</param>
internal sealed class Rebuild(SeededRandom random)
{
    private const string FileListPath = "files.json";

    private static readonly string[] HostileNames =
    [
        "../evil", "a/../../evil", "../../../../../../../../tmp/lazyoc-evil", "/tmp/lazyoc-evil", "//evil", "C:/evil", "C:evil", "\\\\server\\evil", "..\\evil", "a\\..\\..\\evil",
        "CON", "aux.txt", "dist/nul", "COM1.js", "lpt9", "CONIN$", "evil.", "evil ", " evil", "a/. /b", ".", "..", "a/./b", "a//b", "a/", "/", "", "~/evil", "$HOME/evil", "%TEMP%/evil",
        "evil\0.txt", "evil\n", "\u001b[2Jevil", "evil\u202etxt.js", "caf\u00e9", "cafe\u0301", "\u212bngstrom", "e\uff0fvil", "PLUGIN.JSON", "Files.json", "dist", "dist/PLUGIN.js", "plugin.json/x", "store", ".pending", "file:x", "evil?", "evil*", "<evil>", "evil|x",
        ".bashrc", "dist/.hidden", "-rf", "data/a b.txt", "data/a+b.txt", "data/a,b;c.txt",
    ];

    public byte[] Name(PluginPackage package)
    {
        var files = Files(package);
        for (var i = 1 + random.Below(2); i > 0; i--)
        {
            var at = random.Below(files.Count);
            var name = random.Of<string>(HostileNames);
            files[at] = (random.Below(4) switch
            {
                0 => new string('a', 230 + random.Below(20)),
                1 => files[at].Path.ToUpperInvariant(),
                _ => name,
            }, files[at].Content);
        }
        if (!random.OneIn(4)) List(files);
        return ZipParts.Write(Parts(files));
    }

    /// <summary>Something inside of a file is damaged; the archive is right, and mostly the list of files, too.</summary>
    public byte[] Content(PluginPackage package)
    {
        var files = Files(package);
        var at = random.OneIn(2) ? files.FindIndex(file => file.Path is PluginPackage.ManifestPath) : random.OneIn(2) ? files.FindIndex(file => file.Path is FileListPath) : random.Below(files.Count);
        var content = (byte[])files[at].Content.Clone();
        for (var i = 1 + random.Below(3); i > 0 && content.Length > 0; i--)
        {
            var where = random.Below(content.Length);
            content = random.Below(4) switch
            {
                0 => [.. content[..where], .. content[(where + 1)..]],
                1 => [.. content[..where], (byte)(32 + random.Below(96)), .. content[where..]],
                2 => content[..where],
                _ => [.. content[..where], (byte)(content[where] ^ (1 << random.Below(8))), .. content[(where + 1)..]],
            };
        }
        files[at] = (files[at].Path, content);
        if (files[at].Path != FileListPath && !random.OneIn(4)) List(files);
        return ZipParts.Write(Parts(files));
    }

    /// <summary>An entry is there twice, not at all, hidden, of another kind, or described differently than it is.</summary>
    public byte[] Entry(PluginPackage package)
    {
        var parts = Parts(Files(package));
        var at = random.Below(parts.Count);
        var part = parts[at];
        byte[] junk = random.Bytes(1 + random.Below(12)), comment = [];
        switch (random.Below(22))
        {
            case 0: parts.Add(part); break;
            case 1: parts.RemoveAt(at); break;
            case 2: (parts[at], parts[0]) = (parts[0], parts[at]); break;
            case 3: parts[at] = part with { IsHidden = true }; break;
            case 4: parts.Add(ZipPart.Of(Encoding.ASCII.GetBytes("evil.js"), junk) with { IsHidden = true }); break;
            case 5: parts[at] = part with { Gap = junk }; break;
            case 6: parts[at] = part with { LocalExtra = junk }; break;
            case 7: parts[at] = part with { CentralExtra = junk }; break;
            case 8: parts[at] = part with { Comment = junk }; break;
            case 9: comment = junk; break;
            case 10: parts[at] = part with { Attributes = 0xA1FF0000, MadeBy = 0x0314 }; break;
            case 11: parts[at] = part with { Attributes = random.OneIn(2) ? 0x41ED0010u : (uint)random.Next(), MadeBy = (ushort)random.Next() }; break;
            case 12: parts[at] = part with { Packed = [.. part.Packed, .. junk] }; break;
            case 13: parts[at] = part with { Packed = part.Packed[..random.Below(part.Packed.Length + 1)] }; break;
            case 14: parts[at] = part with { Crc = part.Crc ^ 1 }; break;
            case 15: parts[at] = part with { Size = random.OneIn(2) ? part.Size + 1 : (uint)random.Next() }; break;
            case 16: parts[at] = part with { Method = (ushort)random.Below(20) }; break;
            case 17: parts[at] = part with { Flags = (ushort)random.Next() }; break;
            case 18: parts[at] = part with { LocalName = random.Bytes(part.Name.Length) }; break;
            case 19: parts[at] = part with { Packed = Unfinished(package.Files[at].Content.ToArray()) }; break;
            case 20: parts[at] = ZipPart.Of(part.Name, package.Files[at].Content.ToArray(), ZipPart.Stored); break;
            default: parts.Add(ZipPart.Of(Encoding.ASCII.GetBytes("folder/"), [], ZipPart.Stored)); break;
        }
        return ZipParts.Write(parts, comment);
    }

    /// <summary>Stored blocks of deflate, none of them marked as the last.</summary>
    private static byte[] Unfinished(byte[] content)
    {
        var packed = new List<byte>();
        foreach (var block in content.Chunk(ushort.MaxValue))
            packed.AddRange([0, (byte)block.Length, (byte)(block.Length >> 8), (byte)~block.Length, (byte)(~block.Length >> 8), .. block]);
        return [.. packed];
    }

    private static List<(string Path, byte[] Content)> Files(PluginPackage package) => [.. package.Files.Select(file => (file.Path, file.Content.ToArray()))];

    private static List<ZipPart> Parts(IEnumerable<(string Path, byte[] Content)> files) => [.. files.Select(file => ZipPart.Of(Encoding.UTF8.GetBytes(file.Path), file.Content))];

    /// <summary>Makes the list of files right again.</summary>
    private static void List(List<(string Path, byte[] Content)> files)
    {
        var at = files.FindIndex(file => file.Path == FileListPath);
        if (at < 0) return;
        var lines = files.Where((_, i) => i != at).Select(file => string.Create(CultureInfo.InvariantCulture, $$"""{"path":"{{JsonEncodedText.Encode(file.Path)}}","size":{{file.Content.Length}},"digest":"{{Digest.Of(file.Content)}}"}"""));
        files[at] = (FileListPath, Encoding.UTF8.GetBytes($$"""{"files":[{{string.Join(',', lines)}}]}"""));
    }
}
