using System.Collections.Immutable;
using System.Security.Cryptography;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages;

namespace LazyOC.Fuzz.Packages;

/// <summary>What came of one damaged package.</summary>
/// <param name="Seed">What decided the damage.</param>
/// <param name="Kind">Of damage.</param>
/// <param name="IsAccepted">Whether it is still a sound package.</param>
/// <param name="Text">The refusal, or the digest of what was unpacked.</param>
/// <param name="Wrong">What must never be.</param>
internal sealed record ArchiveOutcome(int Seed, DamageKind Kind, bool IsAccepted, string Text, ImmutableArray<string> Wrong)
{
    public override string ToString() => $"{Seed} {Kind} {(IsAccepted ? "accepted" : "refused")} {Text}{string.Concat(Wrong.Select(wrong => $"\n  {wrong}"))}";
}

/// <summary>Damages packages, opens them, and unpacks into a store what is still sound.</summary>
/// <param name="corpus">Sound packages.</param>
/// <param name="surroundings">Where it is unpacked.</param>
/// <param name="others">Readers that must agree.</param>
internal sealed class ArchiveCase(ImmutableArray<PluginPackage> corpus, Surroundings surroundings, OtherReaders others)
{
    /// <summary>Opening allocates at most this, and so many times the package's size.</summary>
    private const long MostAllocated = 16 << 20, MostAllocatedTimes = 64;

    /// <summary>One in so many sound packages is unpacked by <c>unzip</c> as well, which starts a process each time.</summary>
    private const int UnzipEvery = 8;

    private readonly ImmutableArray<byte[]> _bytes = [.. corpus.Select(package => package.Bytes.ToArray())];

    /// <summary>The damaged package of a seed.</summary>
    public (DamageKind Kind, byte[] Package) Make(int seed)
    {
        var random = new SeededRandom(seed);
        var which = random.Below(corpus.Length);
        var kind = random.Of<DamageKind>(Enum.GetValues<DamageKind>());
        var (damage, rebuild) = (new Damage(random, _bytes), new Rebuild(random));
        return (kind, kind switch
        {
            DamageKind.Bits => damage.Bits(_bytes[which]),
            DamageKind.Bytes => damage.Bytes(_bytes[which]),
            DamageKind.Splice => damage.Splice(_bytes[which]),
            DamageKind.Cut => damage.Cut(_bytes[which]),
            DamageKind.Field => damage.Field(_bytes[which]),
            DamageKind.Name => rebuild.Name(corpus[which]),
            DamageKind.Entry => rebuild.Entry(corpus[which]),
            _ => rebuild.Content(corpus[which]),
        });
    }

    public ArchiveOutcome Run(int seed)
    {
        var (kind, bytes) = Make(seed);
        var wrong = ImmutableArray.CreateBuilder<string>();
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var sound = PluginPackage.Open(bytes).TryGet(out var package, out var problems);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        if (allocated > MostAllocated + (MostAllocatedTimes * bytes.Length)) wrong.Add($"opening {bytes.Length} bytes allocated {allocated}");
        if (!sound)
        {
            var text = Problem.Join(problems);
            if (problems.IsEmpty) wrong.Add("refused without a problem");
            if (text.Any(c => char.IsControl(c) && c != '\n')) wrong.Add("the refusal has control characters");
            return new ArchiveOutcome(seed, kind, false, text, wrong.ToImmutable());
        }

        var files = Listing(package!.Files.Select(file => (file.Path, file.Content)));
        if (Unpack(package) != files) wrong.Add("the store holds other files than the package");
        if (surroundings.IsTouched) wrong.Add("something outside of the target was written");
        surroundings.Clear();
        if (others.PythonVersion is not null && others.Python(bytes) is var python && python != files) wrong.Add($"Python sees other files: {First(python, files)}");
        if (others.UnzipVersion is not null && seed % UnzipEvery == 0 && others.Unzip(bytes) is var unzip && unzip != files) wrong.Add($"unzip sees other files: {First(unzip, files)}");
        return new ArchiveOutcome(seed, kind, true, Digest.Of(System.Text.Encoding.UTF8.GetBytes(files)).ToString(), wrong.ToImmutable());
    }

    private string Unpack(PluginPackage package)
    {
        var store = new PluginStore(surroundings.Target);
        if (!store.Install(new Installation { Package = package, Grant = package.Manifest.Permissions, Source = "fuzz" }).TryGet(out _, out var problems)) return Problem.Join(problems);
        var folder = Path.Combine(surroundings.Target, "store", package.Digest.ToString());
        return Listing(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => (Path.GetRelativePath(folder, file).Replace('\\', '/'), (ReadOnlyMemory<byte>)File.ReadAllBytes(file))));
    }

    private static string Listing(IEnumerable<(string Path, ReadOnlyMemory<byte> Content)> files) =>
        string.Join('\n', files.Select(file => $"{file.Path} {Convert.ToHexStringLower(SHA256.HashData(file.Content.Span))}").Order(StringComparer.Ordinal));

    private static string First(string theirs, string ours) => theirs.Split('\n').Except(ours.Split('\n')).FirstOrDefault("fewer");
}
