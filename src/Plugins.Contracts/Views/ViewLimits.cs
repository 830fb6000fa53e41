namespace LazyOC.Plugins.Contracts.Views;

/// <summary>What a view may hold at most.</summary>
/// <param name="MaxNodes">Nodes, rows, items, fields and options together.</param>
/// <param name="MaxDepth">Nesting.</param>
/// <param name="MaxSamples">Samples of all chart series together.</param>
/// <param name="MaxPatches">Patches of one update.</param>
public sealed record ViewLimits(int MaxNodes = 5_000, int MaxDepth = 32, int MaxSamples = 20_000, int MaxPatches = 256);
