using System.CommandLine;

namespace LazyOC.Cli.Commands.Market;

/// <summary>Where a marketplace has its records and packages, if not in its data folder.</summary>
internal static class PlaceOptions
{
    public static Option<string?> Database() => new("--database") { Description = "PostgreSQL for the records, `postgres://USER@HOST/NAME`; with a password, set LAZYOC_MARKET_DATABASE instead", HelpName = "URL" };

    public static Option<string?> Storage() => new("--storage") { Description = "Bucket for the packages, `s3://BUCKET/PREFIX?endpoint=URL&region=REGION`, with keys from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; or set LAZYOC_MARKET_STORAGE", HelpName = "URL" };
}
