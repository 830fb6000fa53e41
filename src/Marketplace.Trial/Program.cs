using LazyOC.Marketplace.Trial;
using LazyOC.Marketplace.Trial.Confinement;

// `confine SCRATCH HIDDEN LAYERS CPU-SECONDS WALL-SECONDS PROGRAM ARGUMENT…` holds this process and becomes the program;
// `run` tries the package that comes on standard input and writes a report on standard output.
return args switch
{
    ["confine", .. var rest] when OperatingSystem.IsLinux() => Cell.Become(rest),
    ["run"] => await TrialRun.FromInputAsync(Console.OpenStandardInput(), Console.OpenStandardOutput()),
    _ => Program.Usage(),
};

/// <summary>The program <c>lazyoc-trial</c>, which the marketplace starts; people have no use for it.</summary>
internal static partial class Program
{
    public static int Usage()
    {
        Console.Error.WriteLine("error: `lazyoc-trial` is started by `lazyoc-market`, for each plugin that is submitted to it");
        return 2;
    }
}
