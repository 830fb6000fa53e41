namespace LazyOC.Marketplace.Scanning;

/// <summary>Every bound of the scanners. What is beyond one is held for a person, never passed over.</summary>
internal sealed record ScannerLimits
{
    public static ScannerLimits Default { get; } = new();

    /// <summary>Findings of one rule that are listed; the rest is counted.</summary>
    public int FindingsPerRule { get; init; } = 20;

    /// <summary>Characters of a package's own text in a message.</summary>
    public int QuotedChars { get; init; } = 80;

    /// <summary>Size of a file that is searched as text.</summary>
    public int TextFileBytes { get; init; } = 16 << 20;

    /// <summary>JavaScript files that are analysed.</summary>
    public int Scripts { get; init; } = 256;

    /// <summary>Size of all JavaScript files that are analysed.</summary>
    public int ScriptBytes { get; init; } = 16 << 20;

    /// <summary>Linear memory of the guest that analyses JavaScript.</summary>
    public long AnalysisMemoryBytes { get; init; } = 512L << 20;

    /// <summary>CPU for starting that guest, in milliseconds: its code is the parser, and as trusted as this program.</summary>
    public int AnalysisStartCpuMs { get; init; } = 20_000;

    /// <summary>CPU of the analysis of one file, in milliseconds.</summary>
    public int AnalysisCpuMs { get; init; } = 60_000;

    /// <summary>Wall time of the analysis of one file, in milliseconds: long enough for its CPU on a busy machine.</summary>
    public int AnalysisWallMs { get; init; } = 600_000;

    /// <summary>Characters of a script that are handed to the guest in one message; in JSON each takes six bytes at most.</summary>
    public int PieceChars { get; init; } = 128 << 10;

    /// <summary>Calls, and findings, that the analysis of one file gives.</summary>
    public int AnalysisItems { get; init; } = 500;

    /// <summary>Characters from which a text in code that is only hexadecimal or Base64 is taken for encoded bytes.</summary>
    public int EncodedChars { get; init; } = 512;

    /// <summary>Characters of a line of code from which it is taken for minified.</summary>
    public int MinifiedLineChars { get; init; } = 1_000;

    /// <summary>Characters of a line from which its density is looked at.</summary>
    public int DenseLineChars { get; init; } = 2_000;

    /// <summary>Bits a character from which a long line is taken for encoded: code has about 5, Base64 about 6.</summary>
    public double DenseBits { get; init; } = 5.7;

    /// <summary>Invisible characters in a row that can only be there to hide something.</summary>
    public int InvisibleRun { get; init; } = 16;

    /// <summary>Size of a source map.</summary>
    public int SourceMapBytes { get; init; } = 32 << 20;

    /// <summary>Time for decoding and validating one WebAssembly module.</summary>
    public TimeSpan WasmTime { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Size of a WebAssembly module.</summary>
    public int WasmBytes { get; init; } = 32 << 20;

    /// <summary>Bits a character from which a text is taken for a secret and not for words.</summary>
    public double SecretBits { get; init; } = 3.6;

    /// <summary>Characters of a text that is taken for a password; longer ones are data.</summary>
    public int SecretChars { get; init; } = 200;

    /// <summary>Characters of a URL.</summary>
    public int UrlChars { get; init; } = 2_048;

    /// <summary>Different origins that are looked at.</summary>
    public int Origins { get; init; } = 1_000;

    /// <summary>Size of one advisory.</summary>
    public int AdvisoryBytes { get; init; } = 4 << 20;

    /// <summary>Advisories of a folder.</summary>
    public int Advisories { get; init; } = 500_000;

    /// <summary>Characters of a README that are compared with others'.</summary>
    public int ReadmeChars { get; init; } = 256 << 10;

    /// <summary>Share of two READMEs that is alike from which one is taken for a copy.</summary>
    public double ReadmeLikeness { get; init; } = 0.8;

    /// <summary>Installs from which a plugin is worth imitating by one letter.</summary>
    public long KnownInstalls { get; init; } = 100;

    /// <summary>Installs from which a plugin is worth imitating by two letters, or by its display name.</summary>
    public long PopularInstalls { get; init; } = 1_000;

    /// <summary>Characters of an id from which two letters are a small difference.</summary>
    public int LongIdChars { get; init; } = 10;

    /// <summary>Times that an update may be larger than the version before.</summary>
    public int SizeJumpFactor { get; init; } = 3;

    /// <summary>Bytes that an update may grow by whatever the factor.</summary>
    public int SizeJumpBytes { get; init; } = 256 << 10;
}
