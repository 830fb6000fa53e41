namespace LazyOC.Plugins.Sandbox.Guests;

/// <summary>A guest's code cannot be loaded. It goes no farther than the start of that guest.</summary>
internal sealed class GuestLoadException(GuestFault fault) : Exception(fault.Message)
{
    public GuestFault Fault { get; } = fault;
}
