namespace LazyOC.Plugins.Sandbox.Guests;

/// <summary>Bounds on what guests hand over that no policy changes. <see cref="GuestLimits"/> has those that policy sets.</summary>
internal static class GuestBounds
{
    /// <summary>Code of one plugin, in bytes.</summary>
    public const int CodeBytes = 16 << 20;

    /// <summary>One line for the log, in bytes; the rest is cut off.</summary>
    public const int LogLineBytes = 8 << 10;

    /// <summary>Name, message and stack of one fault, each, in bytes; the rest is cut off.</summary>
    public const int FaultTextBytes = 8 << 10;

    /// <summary>Stack of one sample, in bytes; what is above is cut off.</summary>
    public const int SampleBytes = 16 << 10;

    /// <summary>Frames of one sample; those of the outermost callers are left out.</summary>
    public const int SampleFrames = 64;

    /// <summary>Stacks that are kept read while a JavaScript guest is sampled.</summary>
    public const int SampleStacks = 512;

    /// <summary>Name of a host call, and gesture, each, in bytes.</summary>
    public const int CallNameBytes = 256;

    /// <summary>Unhandled rejections that one turn logs; more are counted.</summary>
    public const int RejectionsPerTurn = 16;

    /// <summary>A source map's text, in bytes.</summary>
    public const int SourceMapBytes = 16 << 20;

    /// <summary>Mappings of a source map.</summary>
    public const int SourceMapMappings = 1_000_000;

    /// <summary>Sources, and names, of a source map.</summary>
    public const int SourceMapStrings = 20_000;

    /// <summary>The blocks that an Extism guest and its host hand each other, in bytes.</summary>
    public const int ExtismHeapBytes = 16 << 20;

    /// <summary>Keys and values of an Extism guest's variables, in bytes.</summary>
    public const int ExtismVariableBytes = 1 << 20;

    /// <summary>Elements of all tables of a WebAssembly guest, of 24 bytes each: functions that it calls indirectly, and few have a tenth of it.</summary>
    public const int TableElements = 100_000;

    /// <summary>WebAssembly guests that may run, or be blocked in a host call, at once in the process.</summary>
    public const int BlockingThreads = 64;

    /// <summary>From the end of a turn's budget to the engine's trap, in milliseconds.</summary>
    public const int TrapGraceMs = 50;
}
