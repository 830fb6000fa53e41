using System.Globalization;
using LazyOC.Fuzz.Packages;

namespace LazyOC.Plugins.Packages.Tests;

/// <summary>
/// A slice of <c>fuzz/run archive</c>. <c>LAZYOC_ARCHIVE_MUTANTS</c> says how many packages are damaged;
/// <c>fuzz/run archive --replay SEED</c> keeps one.
/// </summary>
public sealed class ArchiveFuzzTests : IDisposable
{
    private const int DefaultMutants = 2_000;

    private readonly TemporaryDirectory _scratch = new();

    private static int Mutants =>
        int.TryParse(Environment.GetEnvironmentVariable("LAZYOC_ARCHIVE_MUTANTS"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : DefaultMutants;

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Open_DamagedPackages_AreReadOrRefusedAndUnpackedInsideOnly()
    {
        using var surroundings = new Surroundings(_scratch.Path);
        using var others = new OtherReaders(_scratch.Path);
        var campaign = new ArchiveCampaign(new ArchiveCase(Corpus.Make(Path.Combine(_scratch.Path, "corpus")), surroundings, others).Run);

        campaign.Run(0, Mutants, _ => { });

        Assert.Empty(campaign.Failures);
        // Of use only when each kind of damage happens, and when some of it leaves a package to unpack.
        Assert.All(Enum.GetNames<DamageKind>(), kind => Assert.True(campaign.Counts.GetValueOrDefault($"{kind} refused") > 0, $"{kind}: {string.Join(", ", campaign.Counts)}"));
        Assert.All([nameof(DamageKind.Field), nameof(DamageKind.Name), nameof(DamageKind.Entry), nameof(DamageKind.Content)], kind => Assert.True(campaign.Counts.GetValueOrDefault($"{kind} accepted") > 0, $"{kind}: {string.Join(", ", campaign.Counts)}"));
    }

    [Fact]
    public void Run_OneSeed_IsTheSameEachTime()
    {
        using var surroundings = new Surroundings(_scratch.Path);
        using var others = new OtherReaders(_scratch.Path);
        var archive = new ArchiveCase(Corpus.Make(Path.Combine(_scratch.Path, "corpus")), surroundings, others);
        Assert.Equal(Enumerable.Range(0, 50).Select(seed => archive.Run(seed).ToString()), Enumerable.Range(0, 50).Select(seed => archive.Run(seed).ToString()));
    }

    /// <summary>What the listing is there for: it sees a file that was written outside, changed, removed or replaced by a link.</summary>
    [Fact]
    public void IsTouched_AnythingOutsideOfTheTarget_IsSeen()
    {
        foreach (var attack in new Action<string>[]
        {
            target => File.WriteAllText(Path.Combine(target, "..", "new"), ""),
            target => File.WriteAllText(Path.Combine(target, "..", "evil"), ""),
            target => File.Delete(Path.Combine(target, "..", "..", "evil")),
            target => Directory.CreateDirectory(Path.Combine(target, "..", "..", "..", "folder")),
        })
        {
            using var surroundings = new Surroundings(_scratch.Path);
            Directory.CreateDirectory(Path.Combine(surroundings.Target, "store"));
            File.WriteAllText(Path.Combine(surroundings.Target, "store", "evil"), "");
            Assert.False(surroundings.IsTouched);
            attack(surroundings.Target);
            Assert.True(surroundings.IsTouched);
        }
    }
}
