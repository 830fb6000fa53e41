namespace LazyOC.Plugins.Sandbox.Audit;

/// <summary>What the audit says of reads that were permitted and are not sensitive.</summary>
public enum AuditReads
{
    /// <summary>How many, a call and minute.</summary>
    Counts,

    /// <summary>Each, with its target; repeats within a second are one line and one count.</summary>
    All,
}
