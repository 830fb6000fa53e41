using LazyOC.Fuzz.Wasm;

if (args.Contains("--help") || args.Contains("-h"))
{
    Console.WriteLine(FuzzOptions.Usage);
    return 0;
}
try
{
    return new FuzzRun(FuzzOptions.Parse(args)).Run() ? 0 : 1;
}
catch (FormatException mistake)
{
    Console.Error.WriteLine($"{mistake.Message}; see fuzz/run --help");
    return 2;
}
