namespace LazyOC.Plugins.Sandbox.Hostile;

/// <summary>Hostile plugins run one after the other and beside no other test, so that what they leave behind is theirs.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class HostileCollection
{
    public const string Name = "hostile";
}
