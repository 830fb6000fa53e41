namespace LazyOC.Cluster.Watch;

/// <summary>What happened to an object.</summary>
public enum ChangeType
{
    /// <summary>It appeared.</summary>
    Added,

    /// <summary>It changed.</summary>
    Modified,

    /// <summary>It is gone.</summary>
    Deleted,
}

/// <summary>One change of one object.</summary>
/// <param name="Type">What happened.</param>
/// <param name="Row">The row now; for a deletion the last one.</param>
/// <param name="Previous">The row before; null for an addition.</param>
/// <param name="Json">The whole object as UTF-8 JSON, when the subscriber asked for it and the change carried it (a
/// deletion noticed by listing again does not).</param>
public sealed record ResourceChange(ChangeType Type, ResourceRow Row, ResourceRow? Previous, ReadOnlyMemory<byte>? Json);
