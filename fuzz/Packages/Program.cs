using System.Globalization;
using LazyOC.Fuzz;
using LazyOC.Fuzz.Packages;

if (args.Contains("--help") || args.Contains("-h"))
{
    Console.WriteLine(ArchiveOptions.Usage);
    return 0;
}
try
{
    var options = ArchiveOptions.Parse(args);
    // In memory where there is such a folder: what is proven is what is written, not the disk.
    var scratch = Directory.CreateDirectory(Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"lazyoc-fuzz-{Environment.ProcessId}")).FullName;
    try
    {
        var corpus = Corpus.Make(Path.Combine(scratch, "corpus"));
        using var surroundings = new Surroundings(scratch);
        // What is written to a relative path shows up in the listing, too.
        Environment.CurrentDirectory = Path.GetDirectoryName(surroundings.Target)!;
        using var others = new OtherReaders(scratch);
        var archive = new ArchiveCase(corpus, surroundings, others);
        if (options.Replay is { } seed)
        {
            Directory.CreateDirectory(RepositoryFolder.Artifacts);
            File.WriteAllBytes(Path.Combine(RepositoryFolder.Artifacts, string.Create(CultureInfo.InvariantCulture, $"archive-{seed}.lzp")), archive.Make(seed).Package);
            var outcome = archive.Run(seed);
            Console.WriteLine(outcome);
            return outcome.Wrong.IsEmpty ? 0 : 1;
        }
        var log = new RunLog("archive", "Damaged packages, opened, and unpacked into a store where they are still sound", string.Create(CultureInfo.InvariantCulture, $"fuzz/run archive --from {options.From} --mutants {options.Mutants}"));
        log.Add($"compared      {others.PythonVersion ?? "no Python"}; one in eight also {others.UnzipVersion ?? "no unzip"}");
        log.Add($"seeds         {options.From}..{options.From + options.Mutants - 1}");
        var campaign = new ArchiveCampaign(archive.Run);
        campaign.Run(options.From, options.Mutants, Console.WriteLine);
        foreach (var line in campaign.Lines()) log.Add(line);
        log.Write(string.Create(CultureInfo.InvariantCulture, $"archive-{options.From}-{options.Mutants}"), options.Mutants >= ArchiveOptions.FullMutants);
        return campaign.Failures.Count == 0 ? 0 : 1;
    }
    finally
    {
        Environment.CurrentDirectory = RepositoryFolder.Root;
        Directory.Delete(scratch, recursive: true);
    }
}
catch (FormatException mistake)
{
    Console.Error.WriteLine($"{mistake.Message}; see fuzz/run --help");
    return 2;
}
